package flegt

import (
	"fmt"
	"slices"
	"strings"
)

// LicenceState is where somebody's decision has put a licence. Used up and expired are not
// stored: they follow from movements and the calendar (see Standing). Replaced, cancelled
// and lost are no states either but marks of the issuing country (see Mark).
type LicenceState string

// The stored states.
const (
	Issued              LicenceState = "issued" // put in by the issuing country, not yet claimed
	Draft               LicenceState = "draft"
	Submitted           LicenceState = "submitted"
	Returned            LicenceState = "returned" // sent back by the authority to be put right
	Accepted            LicenceState = "accepted"
	Rejected            LicenceState = "rejected"
	Withdrawn           LicenceState = "withdrawn"
	AcceptanceWithdrawn LicenceState = "acceptance_withdrawn"
)

// LicenceStates lists them in the order of a licence's life.
var LicenceStates = []LicenceState{Issued, Draft, Submitted, Returned, Accepted, Rejected, Withdrawn, AcceptanceWithdrawn}

// Lodged says whether the licence is or was before the competent authority: neither a draft
// nor waiting to be claimed.
func (s LicenceState) Lodged() bool { return s != Issued && s != Draft && s != "" }

// Verb is what somebody does to a licence.
type Verb string

// The verbs of the table of transitions.
const (
	VerbCreate             Verb = "create"
	VerbEdit               Verb = "edit"
	VerbSubmit             Verb = "submit"
	VerbWithdraw           Verb = "withdraw"
	VerbDiscard            Verb = "discard"
	VerbAccept             Verb = "accept"
	VerbReject             Verb = "reject"
	VerbReturn             Verb = "return"
	VerbWithdrawAcceptance Verb = "withdraw_acceptance"
	VerbRelease            Verb = "release"
	VerbIssue              Verb = "issue"
	VerbClaim              Verb = "claim"
	VerbUnclaim            Verb = "unclaim"
	VerbReplace            Verb = "replace"
	VerbCancel             Verb = "cancel"
	VerbReportLost         Verb = "report_lost"
	VerbExtend             Verb = "extend"
	VerbCorrectOnPaper     Verb = "correct_on_paper"
)

// Verbs lists every verb.
var Verbs = []Verb{VerbCreate, VerbEdit, VerbSubmit, VerbWithdraw, VerbDiscard, VerbAccept, VerbReject, VerbReturn,
	VerbWithdrawAcceptance, VerbRelease, VerbIssue, VerbClaim, VerbUnclaim, VerbReplace, VerbCancel, VerbReportLost, VerbExtend, VerbCorrectOnPaper}

// Transition is one row of the table that rules a licence's life: who may do what in which
// state, and what comes of it. docs/licence-cycle.md is drawn from it.
type Transition struct {
	Verb Verb
	From LicenceState // empty when there is nothing yet
	To   LicenceState // the same as From when the state stays; empty when the draft is gone
	Role Role
	Law  string
}

const (
	lodgeLaw   = "Reg. (EC) 1024/2008 art. 5 (to be verified)"
	decideLaw  = "Reg. (EC) 1024/2008 art. 9 (to be verified)"
	verifyLaw  = "Reg. (EC) 1024/2008 art. 10(1) (to be verified)"
	releaseLaw = "Reg. (EC) 1024/2008 art. 11-13 (to be verified)"
	issueLaw   = "Reg. (EC) 1024/2008 art. 3, 14 (to be verified)"
)

// Transitions is the whole table. What is not in it is refused.
var Transitions = append([]Transition{
	{VerbIssue, "", Issued, RoleLicensing, issueLaw},
	{VerbClaim, Issued, Draft, RoleOperator, issueLaw},
	{VerbUnclaim, Draft, Issued, RoleOperator, ""},
	{VerbCreate, "", Draft, RoleOperator, ""},
	{VerbEdit, Draft, Draft, RoleOperator, ""},
	{VerbEdit, Returned, Returned, RoleOperator, ""},
	{VerbDiscard, Draft, "", RoleOperator, ""},
	{VerbSubmit, Draft, Submitted, RoleOperator, lodgeLaw},
	{VerbSubmit, Returned, Submitted, RoleOperator, lodgeLaw},
	{VerbWithdraw, Submitted, Withdrawn, RoleOperator, ""},
	{VerbWithdraw, Returned, Withdrawn, RoleOperator, ""},
	{VerbReturn, Submitted, Returned, RoleAuthority, decideLaw},
	{VerbAccept, Submitted, Accepted, RoleAuthority, decideLaw},
	{VerbReject, Submitted, Rejected, RoleAuthority, decideLaw},
	{VerbReject, Returned, Rejected, RoleAuthority, decideLaw},
	{VerbWithdrawAcceptance, Accepted, AcceptanceWithdrawn, RoleAuthority, decideLaw},
	{VerbRelease, Accepted, Accepted, RoleCustoms, releaseLaw},
	{VerbRelease, AcceptanceWithdrawn, AcceptanceWithdrawn, RoleCustoms, releaseLaw},
}, issuersRows()...)

// issuersRows are the steps that leave the state as it is: what the issuing country reports
// of its own licences, or the competent authority records with that country's confirmation
// on file. The authority does so only with what was lodged.
func issuersRows() []Transition {
	var out []Transition
	for _, s := range LicenceStates {
		for _, role := range []Role{RoleLicensing, RoleAuthority} {
			if role == RoleAuthority && !s.Lodged() {
				continue
			}
			for _, v := range []Verb{VerbReplace, VerbCancel, VerbReportLost} {
				out = append(out, Transition{v, s, s, role, verifyLaw})
			}
			if s == Rejected || s == Withdrawn || s == AcceptanceWithdrawn {
				continue
			}
			for _, v := range []Verb{VerbExtend, VerbCorrectOnPaper} {
				out = append(out, Transition{v, s, s, role, formLaw})
			}
		}
	}
	return out
}

// Next finds the row for a verb in a state by a role; false when the table has none.
func Next(state LicenceState, role Role, verb Verb) (Transition, bool) {
	for _, t := range Transitions {
		if t.From == state && t.Role == role && t.Verb == verb {
			return t, true
		}
	}
	return Transition{}, false
}

// Does says whether a role ever does something to a licence, in whatever state.
func Does(role Role, verb Verb) bool {
	return slices.ContainsFunc(Transitions, func(t Transition) bool { return t.Verb == verb && t.Role == role })
}

// CycleTable writes the table of transitions as Markdown, for docs/licence-cycle.md.
func CycleTable() string {
	var b strings.Builder
	b.WriteString("| from | what | by | to | law |\n|---|---|---|---|---|\n")
	for _, t := range Transitions {
		from, to := string(t.From), string(t.To)
		if from == "" {
			from = "(nothing)"
		}
		if to == "" {
			to = "(gone)"
		}
		fmt.Fprintf(&b, "| %s | %s | %s | %s | %s |\n", from, t.Verb, t.Role, to, t.Law)
	}
	return b.String()
}

// CycleDiagram draws the table of transitions as a Mermaid state diagram; the verbs of one
// role between the same two states stand on one arrow.
func CycleDiagram() string {
	arrows := map[string][]string{}
	var order []string
	for _, t := range Transitions {
		from, to := string(t.From), string(t.To)
		if from == "" {
			from = "[*]"
		}
		if to == "" {
			to = "[*]"
		}
		arrow := fmt.Sprintf("    %s --> %s: %%s (%s)\n", from, to, t.Role)
		if arrows[arrow] == nil {
			order = append(order, arrow)
		}
		arrows[arrow] = append(arrows[arrow], string(t.Verb))
	}
	var b strings.Builder
	b.WriteString("stateDiagram-v2\n")
	for _, arrow := range order {
		fmt.Fprintf(&b, arrow, strings.Join(arrows[arrow], ", "))
	}
	return b.String()
}
