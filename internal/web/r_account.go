package web

// personRoutes are what everybody has who is signed in, beside the account itself.
func (s *Server) personRoutes() []route {
	return []route{
		// questions about a licence
		{pattern: "GET /questions", do: s.signedIn(s.listQuestions)},
		{pattern: "GET /questions/{question}", do: s.signedIn(s.showQuestion)},
		{pattern: "POST /questions/{question}", do: s.signedIn(s.answerQuestion), limit: uploadLimit},
		{pattern: "GET /questions/{question}/files/{file}", do: s.signedIn(s.showAnswerFile)},
		{pattern: "GET /questions/{question}/mails/{answer}", do: s.signedIn(s.showAnswerMail)},

		// roles
		{pattern: "GET /roles", do: s.signedIn(s.listRoles)},
		{pattern: "GET /roles/request", do: s.signedIn(s.chooseRole)},
		{pattern: "GET /roles/request/{role}/{body}", do: s.signedIn(s.askForRole)},
		{pattern: "POST /roles/request/{role}/{body}", do: s.signedIn(s.sendRequest)},
		{pattern: "GET /roles/{id}", do: s.signedIn(s.showRole)},
		{pattern: "POST /roles/{id}/withdraw", do: s.signedIn(s.withdrawRequest)},
		{pattern: "POST /roles/{id}/again", do: s.signedIn(s.askAgain)},
		{pattern: "POST /roles/{id}/end", do: s.signedIn(s.giveUpRole)},

		// what one was told
		{pattern: "GET /notices", do: s.signedIn(s.showNotices)},
		{pattern: "POST /notices/read", do: s.signedIn(s.readNotices)},
		{pattern: "POST /notices/mail", do: s.signedIn(s.chooseMail)},
	}
}

// accountRoutes are the pages of accounts and of signing in; none without accounts.
func (s *Server) accountRoutes() []route {
	if s.Accounts == nil {
		return nil
	}
	showConfirm, confirm := s.choose("confirm")
	showReset, reset := s.choose("reset")
	routes := []route{
		{pattern: "GET /sign-up", do: s.showSignUp},
		{pattern: "POST /sign-up", do: s.signUp},
		{pattern: "GET /sign-up/sent", do: s.showText("account_sent")},
		{pattern: "GET /confirm", do: showConfirm},
		{pattern: "POST /confirm", do: confirm},
		{pattern: "GET /sign-in", do: s.showSignIn},
		{pattern: "POST /sign-in", do: s.signIn},
		{pattern: "GET /sign-in/kept", do: s.signedIn(s.showKept)},
		{pattern: "POST /sign-in/kept", do: s.signedIn(s.dropKept)},
		{pattern: "POST /sign-out", do: s.signOut},
		{pattern: "GET /password/forgot", do: s.showForgot},
		{pattern: "POST /password/forgot", do: s.forgot},
		{pattern: "GET /password/sent", do: s.showText("account_reset_sent")},
		{pattern: "GET /password/reset", do: showReset},
		{pattern: "POST /password/reset", do: reset},

		{pattern: "GET /home", do: s.signedIn(s.showHome)},
		{pattern: "GET /account", do: s.signedIn(s.showAccount)},
		{pattern: "POST /account/names", do: s.signedIn(s.ownChange("account.renamed", s.rename))},
		{pattern: "POST /account/password", do: s.signedIn(s.ownChange("account.password_changed", s.changePassword))},
		{pattern: "POST /account/email", do: s.signedIn(s.ownChange("account.move_asked", s.askMove))},
		{pattern: "GET /account/email/confirm", do: s.showMove},
		{pattern: "POST /account/email/confirm", do: s.move},
		{pattern: "POST /account/sign-out-everywhere", do: s.signedIn(s.signOutEverywhere)},
		{pattern: "POST /account/close", do: s.signedIn(s.closeAccount)},
		{pattern: "POST /account/role", do: s.signedIn(s.actInRole)},
		{pattern: "GET /account/tokens", do: s.signedIn(s.showTokens)},
		{pattern: "POST /account/tokens", do: s.signedIn(s.makeToken)},
		{pattern: "POST /account/tokens/{id}/revoke", do: s.signedIn(s.revokeToken)},
		{pattern: "GET /account/webhooks", do: s.signedIn(s.listWebhooks)},
		{pattern: "GET /account/webhooks/new", do: s.signedIn(s.newWebhook)},
		{pattern: "POST /account/webhooks/new", do: s.signedIn(s.createWebhook)},
		{pattern: "GET /account/webhooks/{id}", do: s.signedIn(s.showWebhook)},
		{pattern: "GET /account/webhooks/{id}/edit", do: s.signedIn(s.editWebhook)},
		{pattern: "POST /account/webhooks/{id}/edit", do: s.signedIn(s.saveWebhook)},
		{pattern: "POST /account/webhooks/{id}/rotate", do: s.signedIn(s.rotateWebhook)},
		{pattern: "POST /account/webhooks/{id}/pause", do: s.signedIn(s.webhookStep("webhook.paused", s.pauseWebhook))},
		{pattern: "POST /account/webhooks/{id}/resume", do: s.signedIn(s.webhookStep("webhook.resumed", s.resumeWebhook))},
		{pattern: "POST /account/webhooks/{id}/test", do: s.signedIn(s.webhookStep("webhook.tested", s.testWebhook))},
		{pattern: "POST /account/webhooks/{id}/deliveries/{delivery}/resend", do: s.signedIn(s.webhookStep("webhook.sent_again", s.sendAgain))},
		{pattern: "POST /account/webhooks/{id}/delete", do: s.signedIn(s.deleteWebhook)},
	}
	if s.Demo {
		routes = append(routes, route{pattern: "GET /sign-in/demo", do: s.signInByDemo})
	}
	return routes
}
