package flegt

import "strings"

// RoleMailDraft is a mail ready to be copied or opened in a mail program.
type RoleMailDraft struct {
	To, Cc  []string
	Subject string
	Body    string // lines end in "\n"
}

// WriteRoleMail writes the mail that keeps all five rules for a request. It is in
// English whatever the user's language: the Support Team is written to in English (the
// letter's last lines). Cc is empty while no address of the authority is known.
func WriteRoleMail(want RoleMailExpect) RoleMailDraft {
	d := RoleMailDraft{To: []string{oneLine(want.SupportAddress)}, Subject: RoleMailSubject}
	if len(want.AuthorityAddresses) > 0 {
		d.Cc = []string{oneLine(want.AuthorityAddresses[0])}
	}
	person := oneLine(want.FirstName + " " + want.LastName)
	d.Body = strings.Join([]string{
		"Dear Support Team,",
		"",
		"I request the role of importer (operator) in the FLEGT system.",
		"",
		"User: " + person,
		"Account: " + oneLine(want.AccountEmail),
		"Importing company: " + oneLine(want.OperatorName),
		"",
		"Kind regards,",
		person,
		"",
	}, "\n")
	return d
}

// Mailto gives the address of a draft for a link that opens it in the user's mail
// program, as RFC 6068 writes it: lines end in %0D%0A, a space is %20, other letters
// stand as UTF-8.
func (d RoleMailDraft) Mailto() string {
	var fields []string
	add := func(name, value string) {
		if value != "" {
			fields = append(fields, name+"="+value)
		}
	}
	add("cc", mailtoAddresses(d.Cc))
	add("subject", mailtoEscape(d.Subject, ""))
	lines := strings.ReplaceAll(strings.ReplaceAll(d.Body, "\r\n", "\n"), "\n", "\r\n")
	add("body", mailtoEscape(lines, ""))
	url := "mailto:" + mailtoAddresses(d.To)
	if len(fields) > 0 {
		url += "?" + strings.Join(fields, "&")
	}
	return url
}

func mailtoAddresses(list []string) string {
	escaped := make([]string, len(list))
	for i, address := range list {
		escaped[i] = mailtoEscape(address, "@")
	}
	return strings.Join(escaped, ",")
}

// mailtoEscape leaves the unreserved characters of RFC 3986 and those in also.
func mailtoEscape(s, also string) string {
	const hex = "0123456789ABCDEF"
	var b strings.Builder
	for i := range len(s) {
		c := s[i]
		switch {
		case 'a' <= c && c <= 'z', 'A' <= c && c <= 'Z', '0' <= c && c <= '9',
			strings.IndexByte("-._~", c) >= 0, strings.IndexByte(also, c) >= 0:
			b.WriteByte(c)
		default:
			b.WriteByte('%')
			b.WriteByte(hex[c>>4])
			b.WriteByte(hex[c&15])
		}
	}
	return b.String()
}

// oneLine keeps line breaks in a name from making lines of a mail.
func oneLine(s string) string { return strings.Join(strings.Fields(s), " ") }
