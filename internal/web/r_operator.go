package web

import "github.com/openflegt/openflegt/internal/flegt"

// Routes are all pages of this room.
func (s *Server) operatorRoutes() []route {
	return []route{
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

		// companies
		{pattern: "GET /operators/new", do: s.signedIn(s.newOperator)},
		{pattern: "POST /operators/new", do: s.signedIn(s.createOperator)},
		{pattern: "GET /operators/{id}", do: s.signedIn(s.showOperator)},
		{pattern: "GET /operators/{id}/edit", do: s.signedIn(s.editOperator)},
		{pattern: "POST /operators/{id}/edit", do: s.signedIn(s.saveOperator)},
	}
}
