// Package authority is the counter at which officers of a competent authority stand: the
// work list, a case with its scan, its checks and its decision, what the issuing country
// reports of a licence, arrivals, fees, questions, and specimens of stamps and signatures.
package authority

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/report"
	"github.com/openflegt/openflegt/internal/web/counter"
)

// pages are the pages of this room.
type pages struct{ *counter.Server }

// Routes are all pages of this room.
func Routes(c *counter.Server) []counter.Route {
	s := pages{c}
	return []counter.Route{
		// what the issuing country reports of a licence
		{Pattern: "GET /licences/{id}/report/{verb}", Do: s.SignedIn(s.showReport)},
		{Pattern: "POST /licences/{id}/report/{verb}", Do: s.SignedIn(s.report), Limit: counter.UploadLimit},

		// the competent authority's desk
		{Pattern: "GET /desk", Do: s.SignedIn(s.showWorkList)},
		{Pattern: "GET /desk/next", Do: s.SignedIn(s.nextCase)},
		{Pattern: "POST /desk/assign", Do: s.SignedIn(s.assignCases)},
		{Pattern: "POST /desk/views", Do: s.SignedIn(s.saveView)},
		{Pattern: "POST /desk/views/drop", Do: s.SignedIn(s.dropView)},
		{Pattern: "GET /desk/arrivals", Do: s.SignedIn(s.showArrivals)},
		{Pattern: "GET /desk/fees", Do: s.SignedIn(s.showFees)},
		{Pattern: "GET /desk/fees/export.csv", Do: s.SignedIn(s.exportFees(".csv", "text/csv; charset=utf-8; header=present", report.Sheet.CSV))},
		{Pattern: "GET /desk/fees/export.xlsx", Do: s.SignedIn(s.exportFees(".xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", report.Sheet.XLSX))},
		{Pattern: "GET /desk/settings", Do: s.SignedIn(s.showDeskSettings)},
		{Pattern: "POST /desk/settings", Do: s.SignedIn(s.saveDeskSettings)},
		{Pattern: "GET /desk/{id}", Do: s.SignedIn(s.showDeskCase)},
		{Pattern: "GET /desk/{id}/return", Do: s.SignedIn(s.showStep(flegt.VerbReturn))},
		{Pattern: "POST /desk/{id}/return", Do: s.SignedIn(s.returnLicence)},
		{Pattern: "GET /desk/{id}/withdraw-acceptance", Do: s.SignedIn(s.showStep(flegt.VerbWithdrawAcceptance))},
		{Pattern: "POST /desk/{id}/withdraw-acceptance", Do: s.SignedIn(s.withdrawAcceptance)},
		{Pattern: "GET /desk/{id}/ask/{to}", Do: s.SignedIn(s.showAsk)},
		{Pattern: "POST /desk/{id}/ask/{to}", Do: s.SignedIn(s.ask)},
		{Pattern: "POST /desk/{id}/tick", Do: s.SignedIn(s.tickBox)},
		{Pattern: "POST /desk/{id}/hand-over", Do: s.SignedIn(s.handOver)},
		{Pattern: "POST /desk/{id}/note", Do: s.SignedIn(s.noteCase)},
		{Pattern: "POST /desk/{id}/accept", Do: s.SignedIn(s.acceptLicence)},
		{Pattern: "POST /desk/{id}/reject", Do: s.SignedIn(s.rejectLicence)},

		// its questions
		{Pattern: "POST /questions/{question}/close", Do: s.SignedIn(s.closeQuestion)},

		// specimens of stamps and signatures
		{Pattern: "GET /specimens", Do: s.SignedIn(s.listSpecimens)},
		{Pattern: "GET /specimens/new", Do: s.SignedIn(s.newSpecimen)},
		{Pattern: "POST /specimens/new", Do: s.SignedIn(s.addSpecimen), Limit: counter.UploadLimit},
		{Pattern: "GET /specimens/{id}", Do: s.SignedIn(s.showSpecimen)},
		{Pattern: "POST /specimens/{id}/end", Do: s.SignedIn(s.endSpecimen)},
		{Pattern: "GET /specimens/{id}/image", Do: s.SignedIn(s.showSpecimenImage)},
		{Pattern: "POST /desk/{id}/hold", Do: s.SignedIn(s.answerHold)},
	}
}
