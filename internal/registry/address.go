package registry

import (
	"strings"

	"golang.org/x/net/idna"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// readableAddress writes an international domain in its own letters, as the addresses of a
// mail that came in are written (RFC 5890): "mette@xn--nordisktr-o3a.example" and
// "mette@nordisktræ.example" are one address. Anything else stays as it is.
func readableAddress(address string) string { return withDomain(address, idna.Lookup.ToUnicode) }

// IsSupportAddress tells whether an address is the Support Team's, however its domain is
// written.
func (o *Office) IsSupportAddress(address string) bool {
	return strings.EqualFold(readableAddress(address), readableAddress(o.support))
}

// accountOf finds the account of an address, however its domain was written when it was
// entered.
func accountOf(tx *store.Tx, address string) (flegt.Account, error) {
	acc, err := tx.AccountByEmail(address)
	ascii := withDomain(address, idna.Lookup.ToASCII)
	if flegt.KindOf(err) == flegt.NotFound && err != nil && ascii != address {
		return tx.AccountByEmail(ascii)
	}
	return acc, err
}

func withDomain(address string, write func(string) (string, error)) string {
	at := strings.LastIndexByte(address, '@')
	domain, err := write(strings.ToLower(address[at+1:]))
	if at < 0 || err != nil {
		return address
	}
	return address[:at+1] + domain
}
