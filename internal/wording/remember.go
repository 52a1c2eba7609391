package wording

import "sync"

// remembered are texts that were worked out before and are always the same: which plural form belongs to
// a number, a citation of the law in words. It is safe for use by many goroutines.
type remembered[K comparable] struct {
	mu    sync.RWMutex
	texts map[K]string
}

// maxRemembered is how many texts are remembered; then all are forgotten.
const maxRemembered = 4096

// text gives the text of a key, which make works out when it is not known. What is an error is not kept.
func (r *remembered[K]) text(key K, make func() (string, error)) (string, error) {
	r.mu.RLock()
	known, ok := r.texts[key]
	r.mu.RUnlock()
	if ok {
		return known, nil
	}
	text, err := make()
	if err != nil {
		return "", err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.texts == nil || len(r.texts) >= maxRemembered {
		r.texts = map[K]string{}
	}
	r.texts[key] = text
	return text, nil
}

// counted is a sentence with what chooses its plural form.
type counted struct {
	key   string
	count any // an integer or a string, see count
}
