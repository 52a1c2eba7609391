package flegt

import "strings"

// Decision is what the competent authority decided about a licence last, with all that a
// letter about it says.
type Decision struct {
	Licence   Licence
	Operator  Operator
	Authority Authority
	Officer   string // name of whoever decided; empty when the reader may not know it
	Event     Event  // by which it was decided: its number and row hash are the reference
}

// decided names the event by which a licence came into a state of decision.
var decided = map[LicenceState]string{Accepted: "accepted", Rejected: "rejected", AcceptanceWithdrawn: "acceptance_withdrawn"}

// Decided says whether the authority's decision on the licence stands in this state.
func (s LicenceState) Decided() bool { return decided[s] != "" }

// DecidedBy finds the event of the decision in a licence's history; false when there is none.
func DecidedBy(s LicenceState, history []Event) (Event, bool) {
	for i := len(history) - 1; i >= 0; i-- {
		if s.Decided() && history[i].Verb == decided[s] {
			return history[i], true
		}
	}
	return Event{}, false
}

// reasonLaw is the law behind each reason of a rejection.
var reasonLaw = map[string]string{
	"not_authentic":      "Reg. (EC) 2173/2005 art. 5 (to be verified)",
	"data_differ":        formLaw,
	"expired":            "Reg. (EC) 1024/2008 art. 7 (to be verified)",
	"not_covered":        "Reg. (EC) 2173/2005 art. 4(1)",
	"tolerance":          "Reg. (EC) 1024/2008 art. 10(2)",
	"unconfirmed_change": formLaw,
	"scan_unreadable":    "Reg. (EC) 1024/2008 art. 5 (to be verified)",
	"duplicate":          shipmentLaw,
}

// ReasonLaw gives the article behind a reason from RejectionReasons; empty for "other" and
// for what is not on the list.
func ReasonLaw(code string) string { return reasonLaw[code] }

// SureLaw gives a citation as a letter with legal effect may have it: empty for one that was recalled
// and is still to be verified. docs/law.md lists those.
func SureLaw(citation string) string {
	if strings.Contains(citation, "(to be verified)") {
		return ""
	}
	return citation
}
