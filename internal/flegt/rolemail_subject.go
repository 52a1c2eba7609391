package flegt

import (
	"slices"
	"strings"
)

// RoleMailSubject is the subject the letter itself proposes; agents use it too.
const RoleMailSubject = "role request for a FLEGT timber importer"

// roleSubjects is the table of wordings for rule 4. Words stand folded (see Fold:
// "request" is "requst"). A subject is
// read as a set of words, so neither order nor case nor "Re:", "SV:", "Fwd:" and "VS:"
// matter: it asks for a role when it has a word for role and either a word of asking
// or a word for who the role is for, and nothing that takes it back or only asks about it.
//
// English, Danish, German, Dutch, Swedish, French, Spanish, Portuguese, Italian,
// Polish, Czech, Finnish.
var roleSubjects = struct{ role, roleStart, permission, asking, actor, takenBack, question []string }{
	role: []string{
		"role", "roles", "rolle", "rollen", "roller", "rollerne", "rol", "rollan", "rolerequst",
		"ruolo", "funcao", "brugerrolle", "brugerrollen", "rola", "roli", "rooli", "rolia", "roolia", "rooliin", "szerep",
	},
	// starts of compounds ("roll" alone is left out: English would order paper with it): "rolleanmodning", "rollenantrag", "rolaanvraag"
	roleStart: []string{
		"rolleanm", "rolleansog", "rolletild", "rollebeg", "rolleons", "rollenant", "rollenanf", "rolanvr", "rolverz", "rollanso", "rollbega",
	},
	// words for a permission; they count as role only beside a word for who it is for
	permission: []string{"authorisation", "authorization", "autorisation", "autorisering", "autorisierung", "bemyndigelse"},
	// starts of words of asking
	asking: []string{
		"requst", "want", "wish", "apply", "applic", "applying", "ask", "need", "please", "seek", "would", "obtain", "grant", "asign",
		"anmod", "ansog", "soger", "sog", "onsk", "beder", "bedes", "behov", "tildel", "begar", "rolleanm", "rolleansog", "rollebeg", "rolletild", "rolleons", "rolerequst",
		"antrag", "beantrag", "anfrage", "bitte", "rollenant", "rollenanf", "anvra", "verzok", "rolanvr", "rolverz", "ansok", "rollanso", "rollbega",
		"demande", "sollicit", "solicit", "peticion", "pedido", "richiest", "richied", "wnios", "prosb", "zadost", "pynt", "pyyn", "hakem", "kerel", "igenyl",
	},
	// starts of words for who acts
	actor: []string{
		"importer", "importor", "importeur", "importator", "importad", "importat", "importoj", "importoor", "dovozc", "mahantuoj",
		"operator", "operador", "operateur", "operatore", "agent", "marktteilnehmer", "virksomhed",
	},
	// starts of words that take a request back
	takenBack: []string{"cancel", "withdraw", "withdrew", "annul", "tilbagetrak", "tilbagekald", "tilbagetrek", "fortryd", "zuruckzieh", "stornier"},
	// words that only ask about roles
	question: []string{"what", "which", "how", "why", "who", "whose", "hvad", "hvilken", "hvilke", "hvordan", "hvorfor", "hvem", "hvornar", "welche", "warum", "wie", "qul", "qulle", "comment"},
}

// SubjectAsksForRole tells whether a mail's subject says that a role is wanted (rule 4
// of the letter).
func SubjectAsksForRole(subject string) bool {
	folded := Fold(withoutReplyMarks(subject))
	words := strings.Fields(folded)
	anyOf := func(list []string) bool {
		return slices.ContainsFunc(words, func(w string) bool { return slices.Contains(list, w) })
	}
	anyStart := func(list []string) bool {
		return slices.ContainsFunc(words, func(w string) bool {
			return slices.ContainsFunc(list, func(start string) bool { return strings.HasPrefix(w, start) })
		})
	}
	t := roleSubjects
	if anyStart(t.takenBack) || anyOf(t.question) {
		return false
	}
	asks, actor := anyStart(t.asking), anyStart(t.actor)
	if anyOf(t.role) || anyStart(t.roleStart) || strings.Contains(folded, "roll som ") || slices.ContainsFunc(words, actorRole) {
		return asks || actor || slices.ContainsFunc(words, actorRole)
	}
	return anyOf(t.permission) && asks && actor
}

// actorRole knows compounds such as "importørrolle" and "operatorrollen".
func actorRole(word string) bool {
	for _, end := range []string{"rolle", "rollen", "rol"} {
		who, ok := strings.CutSuffix(word, end)
		if !ok || who == "" {
			continue
		}
		if slices.ContainsFunc(roleSubjects.actor, func(a string) bool { return strings.HasPrefix(who, a) }) {
			return true
		}
	}
	return false
}

// replyMarks stand before the subject of answers and forwarded mails, by language.
var replyMarks = []string{"re", "sv", "fw", "fwd", "vs", "aw", "wg", "antw", "tr", "rv", "odp", "vl", "ref", "r", "i", "enc", "vb", "videresend", "doorst"}

// withoutReplyMarks takes "Re:", "SV:", "Fwd:", "VS:" and "[…]" marks off the start.
func withoutReplyMarks(subject string) string {
	for {
		subject = strings.TrimSpace(subject)
		if mark, rest, ok := strings.Cut(subject, "]"); ok && strings.HasPrefix(mark, "[") && len(mark) < 30 && rest != "" {
			subject = rest
			continue
		}
		mark, rest, ok := strings.Cut(subject, ":")
		mark, _, _ = strings.Cut(mark, "[") // "Re[2]:"
		if !ok || !slices.Contains(replyMarks, Fold(mark)) {
			return subject
		}
		subject = rest
	}
}
