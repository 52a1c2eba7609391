package mail

import (
	"regexp"
	"strings"
)

// ownText leaves quoted mails out of a text. Signatures stay: they are the sender's own.
//
// There are three ways of quoting. Lines that begin with ">" go, one by one. After a
// line that announces another mail ("-----Original Message-----") or a block of its
// header (From, Sent, To), all the rest goes. A line such as "On … wrote:" goes, and
// with it the rest unless ">" lines follow, in which case own words may stand below.
func ownText(text string) string {
	lines := strings.Split(text, "\n")
	var own []string
	for i := 0; i < len(lines); i++ {
		line := strings.TrimSpace(lines[i])
		switch {
		case strings.HasPrefix(line, ">"):
			continue
		case announcesMail(line) || headerBlock(lines[i:]):
			return joinOwn(own)
		}
		if n := attributionLines(lines[i:]); n > 0 {
			if !quoteFollows(lines[i+n:]) {
				return joinOwn(own)
			}
			i += n - 1
			continue
		}
		own = append(own, lines[i])
	}
	return joinOwn(own)
}

func joinOwn(lines []string) string { return strings.TrimSpace(strings.Join(lines, "\n")) }

// announcements stand, between dashes, above a mail that is passed on or answered.
var announcements = []string{
	"original message", "oprindelig meddelelse", "oprindelig besked", "original besked", "oprindelig mail", "ursprüngliche nachricht", "originalnachricht",
	"message d'origine", "message original", "mensaje original", "messaggio originale", "mensagem original", "oorspronkelijk bericht", "ursprungligt meddelande",
	"forwarded message", "videresendt meddelelse", "videresendt besked", "weitergeleitete nachricht", "message transféré", "mensaje reenviado", "messaggio inoltrato",
	"vidarebefordrat meddelande", "doorgestuurd bericht", "wiadomość oryginalna", "původní zpráva", "původní e-mail", "alkuperäinen viesti",
}

func announcesMail(line string) bool {
	lower := strings.ToLower(line)
	bare := strings.TrimSpace(strings.Trim(lower, "-_=* "))
	if strings.HasPrefix(lower, "--") || strings.HasPrefix(lower, "__") || strings.HasPrefix(lower, "==") {
		for _, a := range announcements {
			if strings.HasPrefix(bare, a) {
				return true
			}
		}
	}
	switch strings.TrimSuffix(bare, ":") {
	case "begin forwarded message", "start på videresendt besked", "start på videresendt meddelelse", "anfang der weitergeleiteten nachricht", "début du message réexpédié", "begin doorgestuurd bericht":
		return strings.HasSuffix(bare, ":")
	}
	return false
}

// Names of header fields as mail programs write them above a quoted mail.
var (
	quotedFrom = regexp.MustCompile(`(?i)^\W{0,3}(from|fra|von|de|van|från|da|od|lähettäjä|od koho)\W{0,3}:`)
	quotedDate = regexp.MustCompile(`(?i)^\W{0,3}(sent|date|sendt|dato|gesendet|datum|envoyé|verzonden|skickat|enviado|inviato|data|fecha|odesláno|wysłano|lähetetty)\W{0,3}:`)
	quotedTo   = regexp.MustCompile(`(?i)^\W{0,3}(to|til|an|à|aan|till|para|a|do|komu|vastaanottaja|subject|emne|betreff|objet|onderwerp|ämne|asunto|oggetto|assunto|předmět|temat|aihe)\W{0,3}:`)
)

// headerBlock tells that lines start with the header of a quoted mail: From, and soon
// after it a date and a receiver or subject. A sender who copies the words "To:" and
// "Subject:" into the text writes no date.
func headerBlock(lines []string) bool {
	if !quotedFrom.MatchString(strings.TrimSpace(lines[0])) {
		return false
	}
	date, to := false, false
	for _, line := range lines[1:min(len(lines), 8)] {
		line = strings.TrimSpace(line)
		date = date || quotedDate.MatchString(line)
		to = to || quotedTo.MatchString(line)
	}
	return date && to
}

var (
	attributionStart = regexp.MustCompile(`(?i)^(on|den|am|le|op|el|il|em|dne|på|d|w dniu|dnia|fre|man|tir|tor|ons|lør|søn|mon|tue|wed|thu|fri|sat|sun)\b`)
	attributionVerb  = regexp.MustCompile(`(?i)(^|\s)(wrote|skrev|schrieb|a écrit|schreef|escribió|ha scritto|escreveu|napsala?|napisał\(?a?\)?|kirjoitti)([\s:]|$)`)
	attributionWhen  = regexp.MustCompile(`\d{1,2}[:.]\d{2}|@`) // a time or an address; "On 6 December I wrote to you:" is own text
	attributionISO   = regexp.MustCompile(`^\d{4}-\d\d-\d\d .*<\S+@\S+>:$`)
)

// attributionLines gives how many lines announce a quotation ("On … wrote:"), 0 when the
// lines do not start with one. Mail programs wrap it over up to three lines.
func attributionLines(lines []string) int {
	joined := ""
	for n := 1; n <= min(3, len(lines)); n++ {
		line := strings.TrimSpace(lines[n-1])
		if line == "" {
			return 0
		}
		joined = strings.TrimSpace(joined + " " + line)
		if len(joined) > 500 {
			return 0
		}
		if !strings.HasSuffix(joined, ":") {
			continue
		}
		if attributionISO.MatchString(joined) {
			return n
		}
		starts := attributionStart.MatchString(joined) || n == 1 && strings.Contains(joined, "@")
		if starts && attributionVerb.MatchString(joined) && attributionWhen.MatchString(joined) {
			return n
		}
	}
	return 0
}

// quoteFollows tells that the next line with text is a quoted one.
func quoteFollows(lines []string) bool {
	for _, line := range lines {
		if line = strings.TrimSpace(line); line != "" {
			return strings.HasPrefix(line, ">")
		}
	}
	return false
}
