package web

import (
	"net/http"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/report"
)

// Limits on what a visitor may send, in bytes.
const (
	formLimit   = 1 << 20   // a form's fields
	uploadLimit = 256 << 20 // a form with scans, each of 50 MB at most; more is not even read to be refused
)

// route is one line of the list below: a pattern of net/http, what it does, and the
// most it takes (0 means formLimit).
type route struct {
	pattern string
	do      handler
	limit   int64
}

// handler answers one request. An error it returns is shown by serveError, so a handler
// reads as a straight line.
type handler func(w http.ResponseWriter, r *Request) error

// routes is every page there is.
func (s *Server) routes() []route {
	return []route{
		// for everybody
		{pattern: "GET /{$}", do: s.showLanding},
		{pattern: "GET /accessibility", do: s.showText("accessibility")},
		{pattern: "GET /privacy", do: s.showText("privacy")},
		{pattern: "GET /contact", do: s.showContact},

		{pattern: "GET /user-guide", do: s.showGuide},
		{pattern: "GET /certificate/flegt/user-guide", do: s.showGuide},

		// the interface for programs
		{pattern: "GET /api/v1/docs", do: s.showAPIDocs},
		{pattern: "GET /api/problems/{kind}", do: s.showProblem},

		// licences
		{pattern: "GET /licences", do: s.signedIn(s.listLicences)},
		{pattern: "GET /licences/new", do: s.signedIn(s.newLicence)},
		{pattern: "POST /licences/new", do: s.signedIn(s.saveLicence), limit: uploadLimit},
		{pattern: "POST /licences/new/autosave", do: s.scripted(s.autosaveLicence)},
		{pattern: "POST /licences/check", do: s.scripted(s.checkLicence)},
		{pattern: "POST /licences/{id}/scans", do: s.scripted(s.uploadScan), limit: uploadLimit},
		{pattern: "GET /licences/species", do: s.scripted(s.suggestSpecies)},
		{pattern: "GET /licences/issuing-bodies", do: s.scripted(s.suggestBodies)},
		{pattern: "GET /licences/claim", do: s.signedIn(s.showClaim)},
		{pattern: "POST /licences/claim", do: s.signedIn(s.claimLicence)},
		{pattern: "GET /licences/issue", do: s.signedIn(s.showIssue)},
		{pattern: "POST /licences/issue", do: s.signedIn(s.issueLicence)},
		{pattern: "GET /licences/import", do: s.signedIn(s.showBulkForm)},
		{pattern: "POST /licences/import", do: s.signedIn(s.beginBulk), limit: flegt.MaxBulkSize + formLimit},
		{pattern: "GET /imports/template/{file}", do: s.signedIn(s.giveBulkTemplate)},
		{pattern: "GET /imports/{id}", do: s.signedIn(s.showBulk)},
		{pattern: "GET /imports/{id}/report/{file}", do: s.signedIn(s.giveBulkReport)},
		{pattern: "POST /imports/{id}/start", do: s.signedIn(s.importBulk)},
		{pattern: "POST /imports/{id}/cancel", do: s.signedIn(s.cancelBulk)},
		{pattern: "GET /licences/{id}", do: s.signedIn(s.showLicence)},
		{pattern: "GET /licences/{id}/answers", do: s.signedIn(s.showAnswers)},
		{pattern: "POST /licences/{id}/answers", do: s.signedIn(s.answerFinding)},
		{pattern: "POST /licences/{id}/unclaim", do: s.signedIn(s.unclaimLicence)},
		{pattern: "GET /licences/{id}/report/{verb}", do: s.signedIn(s.showReport)},
		{pattern: "POST /licences/{id}/report/{verb}", do: s.signedIn(s.report), limit: uploadLimit},
		{pattern: "GET /licences/{id}/edit", do: s.signedIn(s.editLicence)},
		{pattern: "POST /licences/{id}/edit", do: s.signedIn(s.saveLicence), limit: uploadLimit},
		{pattern: "POST /licences/{id}/autosave", do: s.scripted(s.autosaveLicence)},
		{pattern: "GET /licences/{id}/copy", do: s.signedIn(s.showCopy)},
		{pattern: "POST /licences/{id}/copy", do: s.signedIn(s.copyLicence)},
		{pattern: "POST /licences/{id}/withdraw", do: s.signedIn(s.withdrawLicence)},
		{pattern: "POST /licences/{id}/discard", do: s.signedIn(s.discardLicence)},
		{pattern: "GET /licences/{id}/proof", do: s.signedIn(s.showProof)},
		{pattern: "GET /licences/{id}/decision.pdf", do: s.signedIn(s.showDecision)},
		{pattern: "GET /licences/{id}/form.pdf", do: s.signedIn(s.showExtract)},
		{pattern: "GET /licences/{id}/scans/{scan}", do: s.signedIn(s.showScan)},
		{pattern: "GET /licences/{id}/scans/{scan}/pages/{page}", do: s.signedIn(s.showScanPage)},

		// the competent authority's desk
		{pattern: "GET /desk", do: s.signedIn(s.showWorkList)},
		{pattern: "GET /desk/next", do: s.signedIn(s.nextCase)},
		{pattern: "POST /desk/assign", do: s.signedIn(s.assignCases)},
		{pattern: "POST /desk/views", do: s.signedIn(s.saveView)},
		{pattern: "POST /desk/views/drop", do: s.signedIn(s.dropView)},
		{pattern: "GET /desk/arrivals", do: s.signedIn(s.showArrivals)},
		{pattern: "GET /desk/fees", do: s.signedIn(s.showFees)},
		{pattern: "GET /desk/fees/export.csv", do: s.signedIn(s.exportFees(".csv", "text/csv; charset=utf-8; header=present", report.Sheet.CSV))},
		{pattern: "GET /desk/fees/export.xlsx", do: s.signedIn(s.exportFees(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", report.Sheet.XLSX))},
		{pattern: "GET /desk/settings", do: s.signedIn(s.showDeskSettings)},
		{pattern: "POST /desk/settings", do: s.signedIn(s.saveDeskSettings)},
		{pattern: "GET /desk/{id}", do: s.signedIn(s.showDeskCase)},
		{pattern: "GET /desk/{id}/return", do: s.signedIn(s.showStep(flegt.VerbReturn))},
		{pattern: "POST /desk/{id}/return", do: s.signedIn(s.returnLicence)},
		{pattern: "GET /desk/{id}/withdraw-acceptance", do: s.signedIn(s.showStep(flegt.VerbWithdrawAcceptance))},
		{pattern: "POST /desk/{id}/withdraw-acceptance", do: s.signedIn(s.withdrawAcceptance)},
		{pattern: "GET /desk/{id}/ask/{to}", do: s.signedIn(s.showAsk)},
		{pattern: "POST /desk/{id}/ask/{to}", do: s.signedIn(s.ask)},
		{pattern: "POST /desk/{id}/tick", do: s.signedIn(s.tickBox)},
		{pattern: "POST /desk/{id}/hand-over", do: s.signedIn(s.handOver)},
		{pattern: "POST /desk/{id}/note", do: s.signedIn(s.noteCase)},
		{pattern: "POST /desk/{id}/accept", do: s.signedIn(s.acceptLicence)},
		{pattern: "POST /desk/{id}/reject", do: s.signedIn(s.rejectLicence)},

		// questions about a licence
		{pattern: "GET /questions", do: s.signedIn(s.listQuestions)},
		{pattern: "GET /questions/{question}", do: s.signedIn(s.showQuestion)},
		{pattern: "POST /questions/{question}", do: s.signedIn(s.answerQuestion), limit: uploadLimit},
		{pattern: "POST /questions/{question}/close", do: s.signedIn(s.closeQuestion)},
		{pattern: "GET /questions/{question}/files/{file}", do: s.signedIn(s.showAnswerFile)},
		{pattern: "GET /questions/{question}/mails/{answer}", do: s.signedIn(s.showAnswerMail)},

		// specimens of stamps and signatures
		{pattern: "GET /specimens", do: s.signedIn(s.listSpecimens)},
		{pattern: "GET /specimens/new", do: s.signedIn(s.newSpecimen)},
		{pattern: "POST /specimens/new", do: s.signedIn(s.addSpecimen), limit: uploadLimit},
		{pattern: "GET /specimens/{id}", do: s.signedIn(s.showSpecimen)},
		{pattern: "POST /specimens/{id}/end", do: s.signedIn(s.endSpecimen)},
		{pattern: "GET /specimens/{id}/image", do: s.signedIn(s.showSpecimenImage)},

		// customs
		{pattern: "GET /customs", do: s.signedIn(s.findForCustoms)},
		{pattern: "GET /customs/expected", do: s.signedIn(s.showExpected)},
		{pattern: "GET /customs/{id}", do: s.signedIn(s.showClearance)},
		{pattern: "POST /customs/{id}/book", do: s.signedIn(s.bookDeclaration)},
		{pattern: "POST /customs/{id}/hold", do: s.signedIn(s.holdShipment)},
		{pattern: "POST /customs/{id}/lift", do: s.signedIn(s.liftHold)},
		{pattern: "POST /desk/{id}/hold", do: s.signedIn(s.answerHold)},
		{pattern: "GET /customs/{id}/declarations/{mrn}", do: s.signedIn(s.showDeclaration)},
		{pattern: "POST /customs/{id}/declarations/{mrn}/check", do: s.signedIn(s.recordCheck)},
		{pattern: "POST /customs/{id}/declarations/{mrn}/correct", do: s.signedIn(s.correctRelease)},
		{pattern: "POST /customs/{id}/declarations/{mrn}/release", do: s.signedIn(s.releaseDeclaration)},
		{pattern: "POST /customs/{id}/declarations/{mrn}/take-over", do: s.signedIn(s.takeOverDeclaration)},
		{pattern: "POST /customs/{id}/declarations/{mrn}/free", do: s.signedIn(s.freeDeclaration)},

		// roles and companies
		{pattern: "GET /roles", do: s.signedIn(s.listRoles)},
		{pattern: "GET /roles/request", do: s.signedIn(s.chooseRole)},
		{pattern: "GET /roles/request/{role}/{body}", do: s.signedIn(s.askForRole)},
		{pattern: "POST /roles/request/{role}/{body}", do: s.signedIn(s.sendRequest)},
		{pattern: "GET /roles/{id}", do: s.signedIn(s.showRole)},
		{pattern: "POST /roles/{id}/withdraw", do: s.signedIn(s.withdrawRequest)},
		{pattern: "POST /roles/{id}/again", do: s.signedIn(s.askAgain)},
		{pattern: "POST /roles/{id}/end", do: s.signedIn(s.giveUpRole)},
		{pattern: "GET /operators/new", do: s.signedIn(s.newOperator)},
		{pattern: "POST /operators/new", do: s.signedIn(s.createOperator)},
		{pattern: "GET /operators/{id}", do: s.signedIn(s.showOperator)},
		{pattern: "GET /operators/{id}/edit", do: s.signedIn(s.editOperator)},
		{pattern: "POST /operators/{id}/edit", do: s.signedIn(s.saveOperator)},

		// the Support Team's desk
		{pattern: "GET /support/requests", do: s.signedIn(s.showSupportQueue)},
		{pattern: "GET /support/requests/{id}", do: s.signedIn(s.showSupportCase)},
		{pattern: "POST /support/requests/{id}/approve", do: s.signedIn(s.decideRequest("support.approved", s.approveRequest))},
		{pattern: "POST /support/requests/{id}/reject", do: s.signedIn(s.decideRequest("support.rejected", s.rejectRequest))},
		{pattern: "POST /support/requests/{id}/end", do: s.signedIn(s.decideRequest("support.ended", s.endRole))},
		{pattern: "GET /support/mails", do: s.signedIn(s.listMails)},
		{pattern: "GET /support/mails/{id}", do: s.signedIn(s.showMail)},
		{pattern: "GET /support/mails/{id}/raw", do: s.signedIn(s.showRawMail)},
		{pattern: "GET /support/letters", do: s.signedIn(s.listLetters)},
		{pattern: "GET /support/letters/{id}", do: s.signedIn(s.showSentLetter)},
		{pattern: "POST /support/letters/{id}/retry", do: s.signedIn(s.retryLetter)},
		{pattern: "GET /support/authorities", do: s.signedIn(s.listAuthorities)},
		{pattern: "GET /support/authorities/{id}", do: s.signedIn(s.showAuthority)},
		{pattern: "POST /support/authorities/{id}", do: s.signedIn(s.saveAuthority)},

		// what one was told
		{pattern: "GET /notices", do: s.signedIn(s.showNotices)},
		{pattern: "POST /notices/read", do: s.signedIn(s.readNotices)},
		{pattern: "POST /notices/mail", do: s.signedIn(s.chooseMail)},

		// for machines
		{pattern: "GET /healthz", do: s.health},
		{pattern: "GET /readyz", do: s.ready},
		{pattern: "GET /static/{hash}/{path...}", do: s.serveStatic},
		{pattern: "GET /favicon.ico", do: s.serveFavicon},
		{pattern: "GET /robots.txt", do: s.serveRobots},

		// everything else
		{pattern: "/", do: s.nowhere},
	}
}

// accountRoutes are the pages of accounts and of signing in.
func (s *Server) accountRoutes() []route {
	if s.Accounts == nil {
		return nil
	}
	showConfirm, confirm := s.choose("confirm")
	showReset, reset := s.choose("reset")
	routes := []route{
		{pattern: "GET /check", do: s.showPaperCheck},
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
