package web

// openRoutes are the pages for everybody.
func (s *Server) openRoutes() []route {
	routes := []route{
		{pattern: "GET /{$}", do: s.showLanding},
		{pattern: "GET /accessibility", do: s.showText("accessibility")},
		{pattern: "GET /privacy", do: s.showText("privacy")},
		{pattern: "GET /contact", do: s.showContact},
		{pattern: "GET /user-guide", do: s.showGuide},
		{pattern: "GET /certificate/flegt/user-guide", do: s.showGuide},

		// the interface for programs
		{pattern: "GET /api/v1/docs", do: s.showAPIDocs},
		{pattern: "GET /api/problems/{kind}", do: s.showProblem},
	}
	if s.Accounts != nil { // who tries too often has to wait
		routes = append(routes, route{pattern: "GET /check", do: s.showPaperCheck})
	}
	return routes
}
