package mail

import (
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// maxFiles is how many attachments of one mail are read; whoever sends more is not a person.
const maxFiles = 50

// File is an attachment with its bytes. Name and Type are what the sender says.
type File struct {
	Name, Type string
	Content    []byte
}

// ReadFiles gives the attachments of a mail, at most 50, as far as they can be read. Left out
// is what mail programs add by themselves: pictures that stand inside the text (logos under a
// signature), digital signatures, and a second version of the text.
func ReadFiles(raw []byte) (out []File) {
	if len(raw) > MaxMessageBytes {
		return nil
	}
	defer func() {
		if r := recover(); r != nil { // as in readBody
			out = nil
		}
	}()
	return filesOf(nil, parseParts(raw))
}

func filesOf(out []File, p *enmime.Part) []File {
	for ; p != nil && len(out) < maxFiles; p = p.NextSibling {
		if p.FirstChild != nil {
			out = filesOf(out, p.FirstChild)
			continue
		}
		if isFile(p) {
			out = append(out, File{Name: p.FileName, Type: strings.ToLower(p.ContentType), Content: p.Content})
		}
	}
	return out
}

func isFile(p *enmime.Part) bool {
	kind := strings.ToLower(p.ContentType)
	switch {
	case len(p.Content) == 0, strings.HasPrefix(kind, "multipart/"):
		return false
	case strings.HasSuffix(kind, "pkcs7-signature"), kind == "application/pgp-signature":
		return false
	case p.Disposition == "attachment":
		return true
	case strings.HasPrefix(kind, "image/") && p.ContentID != "" && p.Parent != nil && strings.EqualFold(p.Parent.ContentType, "multipart/related"):
		return false
	case kind == "", kind == "text/plain", kind == "text/html":
		return p.FileName != "" && p.Parent != nil
	}
	return p.FileName != "" || strings.HasPrefix(kind, "image/") || kind == "application/pdf"
}
