package flegt

// Role is what a login may be in the system. Each is held for one body.
type Role string

// The roles. A login without one may do nothing but ask for one (the letter, L2).
const (
	RoleOperator  Role = "operator"            // importer or agent, for one operator
	RoleAuthority Role = "competent_authority" // officer of a country's competent authority
	RoleCustoms   Role = "customs"             // officer of a country's customs
	RoleSupport   Role = "support"             // the Support Team, for the whole Union
	RoleLicensing Role = "licensing_authority" // a partner country's licensing body
	RoleObserver  Role = "observer"            // Commission or auditor: reads, changes nothing
)

// Roles lists every role in the order in which pages offer them.
var Roles = []Role{RoleOperator, RoleAuthority, RoleCustoms, RoleSupport, RoleLicensing, RoleObserver}

// Known says whether r is one of the roles.
func (r Role) Known() bool {
	for _, k := range Roles {
		if r == k {
			return true
		}
	}
	return false
}

// SupportBody is the one body of the Support Team; ObserverBody that of observers.
const (
	SupportBody  = "SUPPORT"
	ObserverBody = "OBSERVER"
)

// Actor is who does something: a login, acting in one of its roles for one body. The zero
// role is a signed-in person without a role; System is the program itself.
type Actor struct {
	Account       string // id of the login; empty for the system
	FirstName     string
	LastName      string
	Email         string
	Lang          string // "en", "da"
	Authorisation string // id of the authorisation in which it acts
	Role          Role
	Body          string // operator id, authority id (CA-DK), customs id (CUSTOMS-DK) …
	BodyName      string
	Country       string   // of the body, ISO 3166-1 alpha-2
	Capacity      Capacity // for operators: importer or agent
	Offices       []string // for customs: where the officer may book; none means his whole country
	System        bool
}

// Name gives the person's first and last name.
func (a Actor) Name() string {
	if a.System {
		return "OpenFLEGT"
	}
	return a.FirstName + " " + a.LastName
}

// Is says whether the actor acts in role r.
func (a Actor) Is(r Role) bool { return a.Role == r && !a.System }

// TheSystem is the actor of what the program does by itself.
func TheSystem() Actor { return Actor{System: true} }

// Account is a login (EU Login; earlier ECAS accounts are the same, L1).
type Account struct {
	ID           string
	Email        string // as typed; compared without case
	FirstName    string
	LastName     string
	Lang         string
	PasswordHash string // argon2id, PHC form; an imported ECAS hash may stand here until first use
	EcasName     string // user name of the earlier ECAS account, when there was one
	Confirmed    bool   // the address was confirmed by mail
	Closed       bool
	Epoch        int // raised to sign out everywhere
	CreatedAt    int64
	Version      int
}
