package identity

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store"
)

// EcasRow is one earlier ECAS account.
type EcasRow struct {
	Line     int // in the file
	UserName string
	Person
	Hash string // empty or of any kind; what is not Readable is not taken
}

// EcasFate is what became of a row.
type EcasFate string

// The fates.
const (
	EcasCreated   EcasFate = "created"   // a new account
	EcasLinked    EcasFate = "linked"    // the account with that address got the user name
	EcasUnchanged EcasFate = "unchanged" // it was there already
	EcasRefused   EcasFate = "refused"   // see Why
)

// EcasResult tells what became of a row. NeedsPassword: its owner sets one by mail.
type EcasResult struct {
	Row           EcasRow
	Fate          EcasFate
	NeedsPassword bool
	Why           error
}

// EcasImport is how an import is made.
type EcasImport struct {
	By     flegt.Actor
	DryRun bool // changes nothing, says what would be
	Tell   bool // mails those who need a password
	Each   func(EcasResult)
}

// errDryRun undoes what a dry run did.
var errDryRun = errors.New("dry run")

// ecasGroup is how many rows share a transaction.
const ecasGroup = 200

// ImportEcas brings earlier ECAS accounts over. They count as ours (the letter, L1): an
// account with the same address is the same account and gets the user name; its password
// stays. The same import twice changes nothing twice.
func (id *Identity) ImportEcas(ctx context.Context, rows []EcasRow, how EcasImport) error {
	for len(rows) > 0 {
		group := rows[:min(ecasGroup, len(rows))]
		rows = rows[len(group):]
		var results []EcasResult
		err := id.db.Update(ctx, func(tx *store.Tx) error {
			results = results[:0]
			for _, row := range group {
				r := EcasResult{Row: row}
				var err error
				if r.Fate, r.NeedsPassword, err = id.importOne(tx, row, how); err != nil {
					if flegt.KindOf(err) == flegt.Internal {
						return err
					}
					r.Fate, r.Why = EcasRefused, err
				}
				results = append(results, r)
			}
			if how.DryRun {
				return errDryRun
			}
			return nil
		})
		if err != nil && !errors.Is(err, errDryRun) {
			return err
		}
		for _, r := range results {
			if how.Each != nil {
				how.Each(r)
			}
		}
	}
	return nil
}

// importOne refuses before it writes anything, so that a refused row leaves no trace in the
// transaction that it shares.
func (id *Identity) importOne(tx *store.Tx, row EcasRow, how EcasImport) (EcasFate, bool, error) {
	row.UserName = strings.TrimSpace(row.UserName)
	if row.UserName == "" || len(row.UserName) > 100 || strings.ContainsAny(row.UserName, " \t\r\n") {
		return "", false, flegt.InvalidBoxes([]flegt.BoxError{{Box: "user_name", Key: "error.invalid"}})
	}
	if err := row.Person.check(); err != nil {
		return "", false, err
	}
	hash := strings.TrimSpace(row.Hash)
	if !Readable(hash) {
		hash = ""
	}
	named, err := tx.AccountByEcas(row.UserName)
	if err == nil {
		if !strings.EqualFold(named.Email, row.Email) && !how.DryRun {
			id.log.Info("ECAS account came again with another address", "account", named.ID, "line", row.Line)
		}
		return EcasUnchanged, named.PasswordHash == "", nil
	}
	if flegt.KindOf(err) != flegt.NotFound {
		return "", false, err
	}
	acc, err := tx.AccountByEmail(row.Email)
	switch {
	case err == nil:
		return id.link(tx, acc, row, hash, how)
	case flegt.KindOf(err) != flegt.NotFound:
		return "", false, err
	}
	acc = id.account(row.Person)
	acc.EcasName, acc.PasswordHash, acc.Confirmed = row.UserName, hash, true
	if err := id.add(tx, acc, how.By, "imported"); err != nil {
		return "", false, err
	}
	return EcasCreated, hash == "", id.tell(tx, acc, how)
}

// link gives an account that is there already the user name of its ECAS account.
func (id *Identity) link(tx *store.Tx, acc flegt.Account, row EcasRow, hash string, how EcasImport) (EcasFate, bool, error) {
	if acc.EcasName != "" {
		return "", false, flegt.Refuse(flegt.Conflict, "account.ecas_other", nil)
	}
	if acc.Closed {
		return "", false, flegt.Refuse(flegt.Conflict, "account.ecas_closed", nil)
	}
	acc.EcasName = row.UserName
	if !acc.Confirmed { // whoever began to sign up was not proved to be the owner
		acc.FirstName, acc.LastName, acc.Lang, acc.Confirmed = row.FirstName, row.LastName, row.Lang, true
	}
	if acc.PasswordHash == "" {
		acc.PasswordHash = hash
	}
	if err := id.save(tx, &acc, how.By, "linked"); err != nil {
		return "", false, err
	}
	return EcasLinked, acc.PasswordHash == "", id.tell(tx, acc, how)
}

func (id *Identity) tell(tx *store.Tx, acc flegt.Account, how EcasImport) error {
	if !how.Tell || how.DryRun || acc.PasswordHash != "" {
		return nil
	}
	return id.mailNote(tx, MailEcas, acc, acc.Email, "/password/forgot")
}

// ReadEcas reads a file of earlier ECAS accounts: comma-separated values with a first line
// that names the columns user_name, email, first_name, last_name and, where they are given,
// hash and lang, in any order.
func ReadEcas(r io.Reader) ([]EcasRow, error) {
	c := csv.NewReader(r)
	c.TrimLeadingSpace = true
	head, err := c.Read()
	if err != nil {
		return nil, fmt.Errorf("first line: %w", err)
	}
	at := map[string]int{}
	for i, name := range head {
		at[strings.ToLower(strings.TrimSpace(strings.TrimPrefix(name, "\ufeff")))] = i
	}
	for _, name := range []string{"user_name", "email", "first_name", "last_name"} {
		if _, ok := at[name]; !ok {
			return nil, fmt.Errorf("first line: there is no column %s", name)
		}
	}
	var rows []EcasRow
	for {
		cells, err := c.Read()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return nil, err
		}
		cell := func(name string) string {
			if i, ok := at[name]; ok {
				return cells[i]
			}
			return ""
		}
		line, _ := c.FieldPos(0)
		rows = append(rows, EcasRow{Line: line, UserName: cell("user_name"), Hash: cell("hash"), Person: Person{
			FirstName: cell("first_name"), LastName: cell("last_name"), Email: cell("email"), Lang: cell("lang"),
		}})
	}
}
