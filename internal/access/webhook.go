package access

import "github.com/openflegt/openflegt/internal/flegt"

// MayKeepWebhooks: whoever acts in a role. A webhook is told what the role may see.
func MayKeepWebhooks(a flegt.Actor) error {
	if a.Account == "" || a.Authorisation == "" || a.System {
		return flegt.Refuse(flegt.Forbidden, "webhook.role_needed", nil)
	}
	return nil
}

// MaySeeWebhook: its owner alone, in the role to which it belongs.
func MaySeeWebhook(a flegt.Actor, h flegt.Webhook) error {
	if MayKeepWebhooks(a) != nil || h.Account != a.Account || h.Authorisation != a.Authorisation {
		return flegt.Missing()
	}
	return nil
}
