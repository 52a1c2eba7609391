package flegt

// Scope is whose licences, or questions about them, somebody may list. The zero Scope lists nothing.
type Scope struct {
	Operator string // the operator's own, drafts included
	Country  string // lodged with this country's authority, drafts not
	Export   string // issued by this partner country, drafts not
	All      bool   // every one, drafts not
}
