package web

import (
	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/report"
)

// Routes are all pages of this room.
func (s *Server) authorityRoutes() []route {
	return []route{
		// what the issuing country reports of a licence
		{pattern: "GET /licences/{id}/report/{verb}", do: s.signedIn(s.showReport)},
		{pattern: "POST /licences/{id}/report/{verb}", do: s.signedIn(s.report), limit: uploadLimit},

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

		// its questions
		{pattern: "POST /questions/{question}/close", do: s.signedIn(s.closeQuestion)},

		// specimens of stamps and signatures
		{pattern: "GET /specimens", do: s.signedIn(s.listSpecimens)},
		{pattern: "GET /specimens/new", do: s.signedIn(s.newSpecimen)},
		{pattern: "POST /specimens/new", do: s.signedIn(s.addSpecimen), limit: uploadLimit},
		{pattern: "GET /specimens/{id}", do: s.signedIn(s.showSpecimen)},
		{pattern: "POST /specimens/{id}/end", do: s.signedIn(s.endSpecimen)},
		{pattern: "GET /specimens/{id}/image", do: s.signedIn(s.showSpecimenImage)},
		{pattern: "POST /desk/{id}/hold", do: s.signedIn(s.answerHold)},
	}
}
