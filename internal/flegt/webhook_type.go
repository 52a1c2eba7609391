package flegt

import "slices"

// TestEventType is the type of the event that one sends oneself to try a webhook.
const TestEventType = "webhook.test"

// EventType names an event to a receiver: the noun and what happened to it, "licence.accepted".
func (e Event) EventType() string { return string(e.Noun) + "." + e.Verb }

// eventVerbs are the verbs of the events that a webhook can be told of, in the order in which
// pages offer them.
var eventVerbs = []struct {
	noun  Noun
	verbs []string
}{
	{NounLicence, []string{"submitted", "resubmitted", "accepted", "rejected", "returned", "withdrawn", "acceptance_withdrawn",
		"booked", "booking_dropped", "taken_over", "released", "release_corrected", "freed", "checked", "held", "hold_answered", "hold_lifted",
		"issued", "claimed", "unclaimed", "replaced", "cancelled", "lost", "extended", "corrected_on_paper", "answered",
		"created", "edited", "discarded", "scan_added", "scan_removed", "looked_up", "booked_elsewhere", "lodged_elsewhere"}},
	{NounQuestion, []string{"asked", "answered", "closed", "reminded"}},
	{NounDossier, []string{"opened", "open", "waiting", "decided", "assigned", "unassigned", "proposed", "asked", "resumed", "noted", "ticked", "unticked"}},
	{NounSpecimen, []string{"entered", "ended"}},
	{NounAuthorisation, []string{"requested", "mail_kept", "approved", "rejected", "withdrawn", "ended"}},
	{NounOperator, []string{"created", "edited"}},
	{NounAuthority, []string{"created", "edited", "desk_edited"}},
	{NounAccount, []string{"signed_up", "confirmed", "imported", "linked", "enrolled", "renamed", "address_changed", "address_released", "password_changed",
		"password_renewed", "password_reset", "signed_out_everywhere", "closed"}},
	{NounMail, []string{"handled"}},
	{NounLetter, []string{"retried"}},
	{NounAPIToken, []string{"created", "revoked"}},
	{NounWebhook, []string{"created", "changed", "rotated", "paused", "resumed", "disabled", "deleted"}},
}

// nounRoles are the nouns whose events are for some roles alone, see access.MaySeeEvent.
var nounRoles = map[Noun][]Role{
	NounQuestion: {RoleOperator, RoleAuthority, RoleLicensing},
	NounDossier:  {RoleAuthority},
	NounSpecimen: {RoleAuthority, RoleSupport, RoleObserver},
	NounMail:     {RoleSupport, RoleObserver},
	NounLetter:   {RoleSupport, RoleObserver},
}

// eventRoles are the types that are for some roles alone; every other type is for everybody
// who may see the thing.
var eventRoles = map[string][]Role{
	"authority.desk_edited":    {RoleAuthority},
	"licence.created":          {RoleOperator},
	"licence.edited":           {RoleOperator},
	"licence.discarded":        {RoleOperator},
	"licence.checked":          {RoleAuthority, RoleCustoms, RoleSupport, RoleObserver},
	"licence.looked_up":        {RoleAuthority, RoleCustoms, RoleSupport, RoleObserver},
	"licence.booked_elsewhere": {RoleAuthority, RoleCustoms, RoleSupport, RoleObserver},
	"licence.lodged_elsewhere": {RoleAuthority, RoleCustoms, RoleSupport, RoleObserver},
}

var eventTypesOf = func() map[Role][]string {
	out := map[Role][]string{}
	for _, role := range Roles {
		for _, n := range eventVerbs {
			if roles, narrow := nounRoles[n.noun]; narrow && !slices.Contains(roles, role) {
				continue
			}
			for _, verb := range n.verbs {
				t := string(n.noun) + "." + verb
				if roles, narrow := eventRoles[t]; !narrow || slices.Contains(roles, role) {
					out[role] = append(out[role], t)
				}
			}
		}
	}
	return out
}()

// EventTypesOf lists the types of events that a webhook of a role can be told of. Whether it is
// told of one event is asked of that event.
func EventTypesOf(role Role) []string { return eventTypesOf[role] }
