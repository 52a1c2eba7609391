package registry

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"errors"
	"io"
	"strings"
	"time"

	"github.com/openflegt/openflegt/internal/access"
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// Receipt is the word for a confirmation's file that was handed in before the step that needs
// it. It is of use for one licence, to the account that handed the file in.
type Receipt struct {
	Text  string // what the step is given
	File  flegt.Attachment
	Until time.Time // the first moment at which it is of no use
}

// keepReceipts is how long a receipt is of use: well within the day after which a file that
// nothing speaks of is thrown away.
const keepReceipts = time.Hour

// receiptKey is the setting with the key by which receipts are signed.
const receiptKey = "receipt_key"

// signed is what a receipt says.
type signed struct {
	File             flegt.Attachment
	Licence, Account string
	Until            time.Time
}

// ReceiveConfirmation takes in the file of an issuing authority's confirmation while it
// arrives, as ReceiveScan does a scan, for a mark, an extension or a correction on the paper
// that follows.
func (o *Office) ReceiveConfirmation(ctx context.Context, a flegt.Actor, id, name string, r io.Reader) (Receipt, error) {
	if err := o.mayConfirm(ctx, a, id); err != nil {
		return Receipt{}, o.refused("receive confirmation", a, err)
	}
	file, err := o.keepScan(ctx, a, r)
	if err != nil {
		return Receipt{}, o.refused("receive confirmation", a, inBox(err, "file"))
	}
	key, err := o.receiptKey(ctx)
	if err != nil {
		return Receipt{}, err
	}
	file.ID, file.Name, file.By, file.At = o.newID(), cleanName(name), a.Account, o.now()
	s := signed{File: file, Licence: id, Account: a.Account, Until: o.now().Add(keepReceipts)}
	body, err := json.Marshal(s)
	if err != nil {
		return Receipt{}, err
	}
	text := base64.RawURLEncoding.EncodeToString(body) + "." + base64.RawURLEncoding.EncodeToString(sign(key, body))
	return Receipt{text, file, s.Until}, nil
}

func (o *Office) mayConfirm(ctx context.Context, a flegt.Actor, id string) error {
	return o.db.View(ctx, func(tx *store.Tx) error {
		if err := holds(tx, a); err != nil {
			return err
		}
		l, err := tx.Licence(id)
		if err != nil {
			return err
		}
		return access.MayDo(a, l, flegt.VerbCorrectOnPaper)
	})
}

// handedIn gives the file of a receipt.
func (o *Office) handedIn(ctx context.Context, a flegt.Actor, id, receipt string) (*flegt.Attachment, error) {
	bad := flegt.InvalidBoxes([]flegt.BoxError{{Box: "confirmation.receipt", Key: "licence.receipt"}})
	first, second, _ := strings.Cut(receipt, ".")
	body, err := base64.RawURLEncoding.DecodeString(first)
	sum, err2 := base64.RawURLEncoding.DecodeString(second)
	if err != nil || err2 != nil {
		return nil, bad
	}
	key, err := o.receiptKey(ctx)
	if err != nil {
		return nil, err
	}
	var s signed
	if !hmac.Equal(sum, sign(key, body)) || json.Unmarshal(body, &s) != nil || s.Licence != id || s.Account != a.Account || !o.now().Before(s.Until) {
		return nil, bad
	}
	f, err := o.db.Blob(ctx, s.File.SHA256)
	if flegt.KindOf(err) == flegt.NotFound {
		return nil, bad
	}
	if err != nil {
		return nil, err
	}
	return &s.File, f.Close()
}

func sign(key, body []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(body)
	return h.Sum(nil)
}

// receiptKey reads the key, and makes it when there is none yet.
func (o *Office) receiptKey(ctx context.Context) ([]byte, error) {
	text := ""
	read := func(tx *store.Tx) (err error) {
		text, err = tx.Setting(receiptKey)
		return err
	}
	err := o.db.View(ctx, read)
	if err == nil && text == "" {
		err = o.db.Update(ctx, func(tx *store.Tx) error {
			if err := read(tx); err != nil || text != "" {
				return err
			}
			text = base64.StdEncoding.EncodeToString(random(32))
			return tx.SaveSetting(receiptKey, text)
		})
	}
	if err != nil {
		return nil, err
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err == nil && len(key) < 32 {
		err = errors.New("the key of receipts is too short")
	}
	return key, err
}

func random(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails, see crypto/rand
	return b
}
