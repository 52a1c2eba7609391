package wording

// builtKeys are the keys that no place in the code writes out whole, because the code
// puts them together from a prefix and a word of the trade. Whoever builds keys that way
// adds the prefix here and says where; the rest of such a key is not checked for use.
var builtKeys = []struct{ prefix, where string }{
	{"lang.", "web: the name of a language, in that language"},
	{"role.", "web: the word for a flegt.Role"},
	{"identifier.kind.", "web: the word for a flegt.IdentifierKind"},
	{"section.", "reference: a section chapter of sections.csv, its name and where it belongs"},
	{"licence.state.", "web: a flegt.LicenceState, or a standing worked out"},
	{"licence.event.", "web: what an event of a licence's history says"},
	{"licence.reason.", "web: a code of flegt.RejectionReasons"},
	{"licence.sort.", "web: an order of the list of licences"},
	{"check.severity.", "web: a flegt.Severity"},
	{"notice.account.", "notice: the kind of a letter about a login"},
	{"notice.authorisation.", "notice: what happened to a request"},
	{"notice.licence.", "notice: what happened to a licence"},
	{"authorisation.capacity.", "web: a flegt.Capacity"},
	{"authorisation.status.", "web: a flegt.AuthorisationStatus"},
	{"request.body.", "web: what a role is asked for at, by flegt.Role"},
	{"request.title.", "web: the heading of a request, by flegt.Role"},
	{"request.what.", "web: what a role is for, by flegt.Role"},
	{"mail.outcome.", "web: what became of a mail"},
	{"notices.topic.", "web: a topic of registry.Topics"},
	{"account.confirm.", "web: the page that confirms an address"},
	{"account.reset.", "web: the page that sets a password"},
	{"account_sent.", "web: showText"},
	{"account_reset_sent.", "web: showText"},
	{"home.", "web: a card with its text"},
	{"demo.step.", "web: a step of the journey"},
	{"demo.letter.", "web: a flegt.LetterState"},
	{"guide.", "web: a chapter of the user guide, its steps and picture"},
	{"error.page.", "web: the heading of an error page, by HTTP status"},
}
