// Package operator is the counter at which importers, their agents and the bodies that issue
// licences stand: licences as one sees and enters them, one by one or in tables, with their
// scans; and the companies themselves.
package operator

import (
	"sync"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// pages are the pages of this room.
type pages struct {
	*counter.Server
	bulkReader func() *report.BulkReader // of tables of licences
	tables     chan struct{}             // holds who reads one
}

// Routes are all pages of this room.
func Routes(c *counter.Server) []counter.Route {
	s := pages{Server: c, tables: make(chan struct{}, 2)}
	s.bulkReader = sync.OnceValue(func() *report.BulkReader { return report.NewBulkReader(s.Catalog, s.Office.Reference()) })
	return []counter.Route{
		// licences
		{Pattern: "GET /licences", Do: s.SignedIn(s.listLicences)},
		{Pattern: "GET /licences/new", Do: s.SignedIn(s.newLicence)},
		{Pattern: "POST /licences/new", Do: s.SignedIn(s.saveLicence), Limit: counter.UploadLimit},
		{Pattern: "POST /licences/new/autosave", Do: s.Scripted(s.autosaveLicence)},
		{Pattern: "POST /licences/check", Do: s.Scripted(s.checkLicence)},
		{Pattern: "POST /licences/{id}/scans", Do: s.Scripted(s.uploadScan), Limit: counter.UploadLimit},
		{Pattern: "GET /licences/species", Do: s.Scripted(s.suggestSpecies)},
		{Pattern: "GET /licences/issuing-bodies", Do: s.Scripted(s.suggestBodies)},
		{Pattern: "GET /licences/claim", Do: s.SignedIn(s.showClaim)},
		{Pattern: "POST /licences/claim", Do: s.SignedIn(s.claimLicence)},
		{Pattern: "GET /licences/issue", Do: s.SignedIn(s.showIssue)},
		{Pattern: "POST /licences/issue", Do: s.SignedIn(s.issueLicence)},
		{Pattern: "GET /licences/import", Do: s.SignedIn(s.showBulkForm)},
		{Pattern: "POST /licences/import", Do: s.SignedIn(s.beginBulk), Limit: flegt.MaxBulkSize + counter.FormLimit},
		{Pattern: "GET /imports/template/{file}", Do: s.SignedIn(s.giveBulkTemplate)},
		{Pattern: "GET /imports/{id}", Do: s.SignedIn(s.showBulk)},
		{Pattern: "GET /imports/{id}/report/{file}", Do: s.SignedIn(s.giveBulkReport)},
		{Pattern: "POST /imports/{id}/start", Do: s.SignedIn(s.importBulk)},
		{Pattern: "POST /imports/{id}/cancel", Do: s.SignedIn(s.cancelBulk)},
		{Pattern: "GET /licences/{id}", Do: s.SignedIn(s.showLicence)},
		{Pattern: "GET /licences/{id}/history", Do: s.SignedIn(s.ShowHistory)},
		{Pattern: "GET /licences/{id}/returns", Do: s.SignedIn(s.ShowReturns)},
		{Pattern: "GET /licences/{id}/answers", Do: s.SignedIn(s.showAnswers)},
		{Pattern: "POST /licences/{id}/answers", Do: s.SignedIn(s.answerFinding)},
		{Pattern: "POST /licences/{id}/unclaim", Do: s.SignedIn(s.unclaimLicence)},
		{Pattern: "GET /licences/{id}/edit", Do: s.SignedIn(s.editLicence)},
		{Pattern: "POST /licences/{id}/edit", Do: s.SignedIn(s.saveLicence), Limit: counter.UploadLimit},
		{Pattern: "POST /licences/{id}/autosave", Do: s.Scripted(s.autosaveLicence)},
		{Pattern: "GET /licences/{id}/copy", Do: s.SignedIn(s.showCopy)},
		{Pattern: "POST /licences/{id}/copy", Do: s.SignedIn(s.copyLicence)},
		{Pattern: "POST /licences/{id}/withdraw", Do: s.SignedIn(s.withdrawLicence)},
		{Pattern: "POST /licences/{id}/discard", Do: s.SignedIn(s.discardLicence)},
		{Pattern: "GET /licences/{id}/proof", Do: s.SignedIn(s.showProof)},
		{Pattern: "GET /licences/{id}/decision.pdf", Do: s.SignedIn(s.showDecision)},
		{Pattern: "GET /licences/{id}/form.pdf", Do: s.SignedIn(s.showExtract)},
		{Pattern: "GET /licences/{id}/scans/{scan}", Do: s.SignedIn(s.showScan)},
		{Pattern: "GET /licences/{id}/scans/{scan}/pages/{page}", Do: s.SignedIn(s.showScanPage)},

		// companies
		{Pattern: "GET /operators/new", Do: s.SignedIn(s.newOperator)},
		{Pattern: "POST /operators/new", Do: s.SignedIn(s.createOperator)},
		{Pattern: "GET /operators/{id}", Do: s.SignedIn(s.showOperator)},
		{Pattern: "GET /operators/{id}/edit", Do: s.SignedIn(s.editOperator)},
		{Pattern: "POST /operators/{id}/edit", Do: s.SignedIn(s.saveOperator)},
	}
}
