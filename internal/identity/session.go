package identity

import (
	"context"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/alexedwards/scs/v2"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// A session ends after so long without a visit, and after so long in any case. It is
// prolonged at most every sessionStep, so that a page that is only read costs no write.
const (
	SessionIdle  = 2 * time.Hour
	SessionLasts = 12 * time.Hour
	sessionStep  = 5 * time.Minute
)

// What a session holds.
const (
	keyAccount = "account"
	keyEpoch   = "epoch"
	keyBegan   = "began" // seconds since 1970
	keyActing  = "acting"
	keyForm    = "form"
	keyFormTo  = "form_to"

	keyFormFiles = "form_files"
)

// maxForm is the longest form that is kept for somebody who must sign in first, in bytes.
const maxForm = 1 << 20

func (id *Identity) newSessions() *scs.SessionManager {
	m := scs.New()
	m.Store = sessionStore{id}
	m.HashTokenInStore = true
	m.Lifetime = SessionLasts
	m.Cookie.Name = "session"
	m.Cookie.HttpOnly = true
	m.Cookie.SameSite = http.SameSiteLaxMode
	m.Cookie.Persist = false // gone with the browser: machines are shared
	if strings.HasPrefix(id.base, "https://") {
		m.Cookie.Name = "__Host-session" // RFC 6265bis: this host alone, https alone
		m.Cookie.Secure = true
	}
	return m
}

// Sessions puts a visitor's session into the context of each request, and saves it before
// the answer goes out. fail answers when the database does not.
func (id *Identity) Sessions(next http.Handler, fail func(http.ResponseWriter, *http.Request, error)) http.Handler {
	id.sessions.ErrorFunc = fail
	return id.sessions.LoadAndSave(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), inSession{}, true)))
	}))
}

// inSession marks a context that went through Sessions; one that did not has no visitor.
type inSession struct{}

// Visit is a session of somebody who has signed in.
type Visit struct {
	Account flegt.Account
	Acting  string // id of the authorisation chosen; empty when none was
}

// Visit says who has signed in; false when nobody has, or when the session ran out, the
// person signed out everywhere or the account was closed, or when the context did not come
// through Sessions.
func (id *Identity) Visit(ctx context.Context) (v Visit, ok bool, err error) {
	if ctx.Value(inSession{}) == nil {
		return Visit{}, false, nil
	}
	accountID := id.sessions.GetString(ctx, keyAccount)
	if accountID == "" {
		return Visit{}, false, nil
	}
	acc, err := id.Account(ctx, accountID)
	if err != nil && flegt.KindOf(err) != flegt.NotFound {
		return Visit{}, false, err
	}
	age := id.now().Sub(time.Unix(id.sessions.GetInt64(ctx, keyBegan), 0))
	if err != nil || acc.Closed || acc.Epoch != id.sessions.GetInt(ctx, keyEpoch) || age > SessionLasts {
		return Visit{}, false, id.sessions.Destroy(ctx)
	}
	return Visit{acc, id.sessions.GetString(ctx, keyActing)}, true, nil
}

// Begin signs an account in. The token is a new one, so that one planted before is worth
// nothing; a form kept for the visitor stays.
func (id *Identity) Begin(ctx context.Context, acc flegt.Account) error {
	if err := id.sessions.RenewToken(ctx); err != nil {
		return err
	}
	if id.sessions.GetString(ctx, keyAccount) != acc.ID {
		id.sessions.Remove(ctx, keyActing)
	}
	id.sessions.Put(ctx, keyAccount, acc.ID)
	id.sessions.Put(ctx, keyEpoch, acc.Epoch)
	id.sessions.Put(ctx, keyBegan, id.now().Unix())
	return nil
}

// End signs out.
func (id *Identity) End(ctx context.Context) error { return id.sessions.Destroy(ctx) }

// Act remembers in which authorisation the visitor acts. Whether it is the visitor's is for
// the caller to know.
func (id *Identity) Act(ctx context.Context, authorisationID string) {
	id.sessions.Put(ctx, keyActing, authorisationID)
}

// Kept is a form of somebody who must sign in first.
type Kept struct {
	Path  string     // where it was going
	Form  url.Values // what stood in it, without passwords and files
	Files bool       // it was one that can carry files
}

// KeepForm keeps what somebody sent who must sign in first, so that nothing typed is lost.
// What is too long is not kept, nor too many forms from one network.
func (id *Identity) KeepForm(ctx context.Context, k Kept, network string) error {
	form := url.Values{}
	for name, values := range k.Form {
		if !strings.Contains(name, "password") && name != "current" {
			form[name] = values
		}
	}
	text := form.Encode()
	if len(text) > maxForm {
		return nil
	}
	err := id.countForm(ctx, "forms:"+hashOf(network), formsOfNetwork)
	if flegt.KindOf(err) == flegt.TooMany {
		return nil
	}
	if err != nil {
		return err
	}
	id.sessions.Put(ctx, keyForm, text)
	id.sessions.Put(ctx, keyFormTo, k.Path)
	id.sessions.Put(ctx, keyFormFiles, k.Files)
	return nil
}

// KeptForm gives what KeepForm kept; false when there is nothing.
func (id *Identity) KeptForm(ctx context.Context) (k Kept, ok bool) {
	k.Path, k.Files = id.sessions.GetString(ctx, keyFormTo), id.sessions.GetBool(ctx, keyFormFiles)
	var err error
	k.Form, err = url.ParseQuery(id.sessions.GetString(ctx, keyForm))
	return k, k.Path != "" && err == nil
}

// DropForm forgets what KeepForm kept.
func (id *Identity) DropForm(ctx context.Context) {
	for _, key := range []string{keyForm, keyFormTo, keyFormFiles} {
		if id.sessions.Exists(ctx, key) {
			id.sessions.Remove(ctx, key)
		}
	}
}

// sessionStore keeps sessions in our own database. The moment at which one ends is ours:
// counted from the last visit, by our own clock.
type sessionStore struct{ id *Identity }

// FindCtx implements scs.CtxStore.
func (s sessionStore) FindCtx(ctx context.Context, token string) (data []byte, found bool, err error) {
	now := s.id.now()
	var ends time.Time
	err = s.id.db.View(ctx, func(tx *store.Tx) error {
		data, ends, found, err = tx.Session(token, now)
		return err
	})
	if err != nil || !found || ends.Sub(now) > SessionIdle-sessionStep {
		return data, found, err
	}
	err = s.id.db.Update(ctx, func(tx *store.Tx) error { return tx.TouchSession(token, now.Add(SessionIdle)) })
	return data, found, err
}

// CommitCtx implements scs.CtxStore.
func (s sessionStore) CommitCtx(ctx context.Context, token string, data []byte, _ time.Time) error {
	return s.id.db.Update(ctx, func(tx *store.Tx) error { return tx.SaveSession(token, data, s.id.now().Add(SessionIdle)) })
}

// DeleteCtx implements scs.CtxStore.
func (s sessionStore) DeleteCtx(ctx context.Context, token string) error {
	return s.id.db.Update(ctx, func(tx *store.Tx) error { return tx.DropSession(token) })
}

// Find implements scs.Store.
func (s sessionStore) Find(token string) ([]byte, bool, error) {
	return s.FindCtx(context.Background(), token)
}

// Commit implements scs.Store.
func (s sessionStore) Commit(token string, data []byte, expiry time.Time) error {
	return s.CommitCtx(context.Background(), token, data, expiry)
}

// Delete implements scs.Store.
func (s sessionStore) Delete(token string) error { return s.DeleteCtx(context.Background(), token) }
