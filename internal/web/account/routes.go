// Package account is what everybody has who signs in, whatever the role: signing up and in,
// the account itself, its roles, notices, and questions to answer, tokens for programs and
// webhooks.
package account

import "github.com/openflegt/openflegt/internal/web/counter"

// pages are the pages of this room.
type pages struct{ *counter.Server }

// Routes are all pages of this room.
func Routes(c *counter.Server) []counter.Route {
	s := pages{c}
	return append(s.personRoutes(), s.accountRoutes()...)
}

// personRoutes are what everybody has who is signed in, beside the account itself.
func (s pages) personRoutes() []counter.Route {
	return []counter.Route{
		// questions about a licence
		{Pattern: "GET /questions", Do: s.SignedIn(s.listQuestions)},
		{Pattern: "GET /questions/{question}", Do: s.SignedIn(s.showQuestion)},
		{Pattern: "POST /questions/{question}", Do: s.SignedIn(s.answerQuestion), Limit: counter.UploadLimit},
		{Pattern: "GET /questions/{question}/files/{file}", Do: s.SignedIn(s.showAnswerFile)},
		{Pattern: "GET /questions/{question}/mails/{answer}", Do: s.SignedIn(s.showAnswerMail)},

		// roles
		{Pattern: "GET /roles", Do: s.SignedIn(s.listRoles)},
		{Pattern: "GET /roles/request", Do: s.SignedIn(s.chooseRole)},
		{Pattern: "GET /roles/request/{role}/{body}", Do: s.SignedIn(s.askForRole)},
		{Pattern: "POST /roles/request/{role}/{body}", Do: s.SignedIn(s.sendRequest)},
		{Pattern: "GET /roles/{id}", Do: s.SignedIn(s.showRole)},
		{Pattern: "POST /roles/{id}/withdraw", Do: s.SignedIn(s.withdrawRequest)},
		{Pattern: "POST /roles/{id}/again", Do: s.SignedIn(s.askAgain)},
		{Pattern: "POST /roles/{id}/end", Do: s.SignedIn(s.giveUpRole)},

		// what one was told
		{Pattern: "GET /notices", Do: s.SignedIn(s.showNotices)},
		{Pattern: "POST /notices/read", Do: s.SignedIn(s.readNotices)},
		{Pattern: "POST /notices/mail", Do: s.SignedIn(s.chooseMail)},
	}
}

// accountRoutes are the pages of accounts and of signing in; none without accounts.
func (s pages) accountRoutes() []counter.Route {
	if s.Accounts == nil {
		return nil
	}
	showConfirm, confirm := s.choose("confirm")
	showReset, reset := s.choose("reset")
	routes := []counter.Route{
		{Pattern: "GET /sign-up", Do: s.showSignUp},
		{Pattern: "POST /sign-up", Do: s.signUp},
		{Pattern: "GET /sign-up/sent", Do: s.ShowText("account_sent")},
		{Pattern: "GET /confirm", Do: showConfirm},
		{Pattern: "POST /confirm", Do: confirm},
		{Pattern: "GET /sign-in", Do: s.showSignIn},
		{Pattern: "POST /sign-in", Do: s.signIn},
		{Pattern: "GET /sign-in/kept", Do: s.SignedIn(s.showKept)},
		{Pattern: "POST /sign-in/kept", Do: s.SignedIn(s.dropKept)},
		{Pattern: "POST /sign-out", Do: s.signOut},
		{Pattern: "GET /password/forgot", Do: s.showForgot},
		{Pattern: "POST /password/forgot", Do: s.forgot},
		{Pattern: "GET /password/sent", Do: s.ShowText("account_reset_sent")},
		{Pattern: "GET /password/reset", Do: showReset},
		{Pattern: "POST /password/reset", Do: reset},

		{Pattern: "GET /home", Do: s.SignedIn(s.showHome)},
		{Pattern: "GET /account", Do: s.SignedIn(s.showAccount)},
		{Pattern: "POST /account/names", Do: s.SignedIn(s.ownChange("account.renamed", s.rename))},
		{Pattern: "POST /account/password", Do: s.SignedIn(s.ownChange("account.password_changed", s.changePassword))},
		{Pattern: "POST /account/email", Do: s.SignedIn(s.ownChange("account.move_asked", s.askMove))},
		{Pattern: "GET /account/email/confirm", Do: s.showMove},
		{Pattern: "POST /account/email/confirm", Do: s.move},
		{Pattern: "POST /account/sign-out-everywhere", Do: s.SignedIn(s.signOutEverywhere)},
		{Pattern: "POST /account/close", Do: s.SignedIn(s.closeAccount)},
		{Pattern: "POST /account/role", Do: s.SignedIn(s.actInRole)},
		{Pattern: "GET /account/tokens", Do: s.SignedIn(s.showTokens)},
		{Pattern: "POST /account/tokens", Do: s.SignedIn(s.makeToken)},
		{Pattern: "POST /account/tokens/{id}/revoke", Do: s.SignedIn(s.revokeToken)},
		{Pattern: "GET /account/webhooks", Do: s.SignedIn(s.listWebhooks)},
		{Pattern: "GET /account/webhooks/new", Do: s.SignedIn(s.newWebhook)},
		{Pattern: "POST /account/webhooks/new", Do: s.SignedIn(s.createWebhook)},
		{Pattern: "GET /account/webhooks/{id}", Do: s.SignedIn(s.showWebhook)},
		{Pattern: "GET /account/webhooks/{id}/edit", Do: s.SignedIn(s.editWebhook)},
		{Pattern: "POST /account/webhooks/{id}/edit", Do: s.SignedIn(s.saveWebhook)},
		{Pattern: "POST /account/webhooks/{id}/rotate", Do: s.SignedIn(s.rotateWebhook)},
		{Pattern: "POST /account/webhooks/{id}/pause", Do: s.SignedIn(s.webhookStep("webhook.paused", s.pauseWebhook))},
		{Pattern: "POST /account/webhooks/{id}/resume", Do: s.SignedIn(s.webhookStep("webhook.resumed", s.resumeWebhook))},
		{Pattern: "POST /account/webhooks/{id}/test", Do: s.SignedIn(s.webhookStep("webhook.tested", s.testWebhook))},
		{Pattern: "POST /account/webhooks/{id}/deliveries/{delivery}/resend", Do: s.SignedIn(s.webhookStep("webhook.sent_again", s.sendAgain))},
		{Pattern: "POST /account/webhooks/{id}/delete", Do: s.SignedIn(s.deleteWebhook)},
	}
	if s.Demo {
		routes = append(routes, counter.Route{Pattern: "GET /sign-in/demo", Do: s.signInByDemo})
	}
	return routes
}
