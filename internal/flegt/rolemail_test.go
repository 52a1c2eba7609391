package flegt

import (
	"encoding/json"
	"strings"
	"testing"
)

func metteExpect() RoleMailExpect {
	return RoleMailExpect{
		AccountEmail: "mette@nordisktrae.example", FirstName: "Mette", LastName: "Sørensen",
		OperatorName: "Nordisk Træ A/S", SupportAddress: "sante-traces@ec.europa.eu",
		AuthorityAddresses: []string{"svana@svana.dk"}, Country: "DK",
	}
}

func metteMail() RoleMail {
	return RoleMail{
		FromAddrs: []string{"mette@nordisktrae.example"}, To: []string{"sante-traces@ec.europa.eu"},
		Cc: []string{"svana@svana.dk"}, Subject: "role request for a FLEGT timber importer",
		Body: "Dear Support Team,\n\nI request the role of importer.\nMette Sørensen\nNordisk Træ A/S\n",
	}
}

func TestCheckRoleMailRulesOneToThree(t *testing.T) {
	type change func(*RoleMail, *RoleMailExpect)
	for _, c := range []struct {
		name   string
		change change
		broken string // keys of what is broken
	}{
		{"as the letter says", func(m *RoleMail, w *RoleMailExpect) {}, ""},
		{"case of From", func(m *RoleMail, w *RoleMailExpect) { m.FromAddrs = []string{"METTE@NordiskTrae.EXAMPLE"} }, ""},
		{"plus-tag", func(m *RoleMail, w *RoleMailExpect) { m.FromAddrs = []string{"mette+flegt@nordisktrae.example"} }, "rule1.other"},
		{"plus-tag in the account", func(m *RoleMail, w *RoleMailExpect) { w.AccountEmail = "mette+flegt@nordisktrae.example" }, "rule1.other"},
		{"private address", func(m *RoleMail, w *RoleMailExpect) { m.FromAddrs = []string{"mette.private@webmail.example"} }, "rule1.other"},
		{"longer domain", func(m *RoleMail, w *RoleMailExpect) { m.FromAddrs = []string{"mette@nordisktrae.example.evil.example"} }, "rule1.other"},
		{"no From", func(m *RoleMail, w *RoleMailExpect) { m.FromAddrs = nil }, "rule1.none"},
		{"two From", func(m *RoleMail, w *RoleMailExpect) { m.FromAddrs = append(m.FromAddrs, "jens@nordisktrae.example") }, "rule1.several"},
		{"same From twice", func(m *RoleMail, w *RoleMailExpect) { m.FromAddrs = append(m.FromAddrs, m.FromAddrs[0]) }, "rule1.several"},
		{"forged", func(m *RoleMail, w *RoleMailExpect) { m.DMARCFail = true }, "rule1.forged"},
		{"empty both", func(m *RoleMail, w *RoleMailExpect) { m.FromAddrs = []string{""}; w.AccountEmail = "" }, "rule1.other"},
		{"several To", func(m *RoleMail, w *RoleMailExpect) { m.To = []string{"a@b.example", "Sante-TRACES@ec.europa.eu"} }, ""},
		{"To somebody else", func(m *RoleMail, w *RoleMailExpect) { m.To = []string{"svana@svana.dk"} }, "rule2.other"},
		{"Support in Cc", func(m *RoleMail, w *RoleMailExpect) {
			m.To, m.Cc = []string{"a@b.example"}, []string{"svana@svana.dk", "sante-traces@ec.europa.eu"}
		}, "rule2.only_cc"},
		{"Support in Bcc", func(m *RoleMail, w *RoleMailExpect) { m.To = nil }, "rule2.none"},
		{"no Cc", func(m *RoleMail, w *RoleMailExpect) { m.Cc = nil }, "rule3.none"},
		{"authority in To", func(m *RoleMail, w *RoleMailExpect) { m.To, m.Cc = append(m.To, m.Cc...), nil }, "rule3.only_to"},
		{"another authority", func(m *RoleMail, w *RoleMailExpect) { m.Cc = []string{"flegt@uhul.cz"} }, "rule3.other"},
		{"authority in other case among several", func(m *RoleMail, w *RoleMailExpect) { m.Cc = []string{"boss@x.example", "SVANA@svana.dk"} }, ""},
		{"second official address", func(m *RoleMail, w *RoleMailExpect) {
			w.AuthorityAddresses = []string{"mst@mst.example", "svana@svana.dk"}
		}, ""},
		{"no address known", func(m *RoleMail, w *RoleMailExpect) { w.AuthorityAddresses = nil }, "rule3.unknown"},
		{"no address known, no Cc", func(m *RoleMail, w *RoleMailExpect) { w.AuthorityAddresses, m.Cc = nil, nil }, "rule3.unknown"},
		{"empty subject", func(m *RoleMail, w *RoleMailExpect) { m.Subject = " - " }, "rule4.none"},
		{"other subject", func(m *RoleMail, w *RoleMailExpect) { m.Subject = "hello" }, "rule4.other"},
		{"body without person", func(m *RoleMail, w *RoleMailExpect) { m.Body = "For Nordisk Træ" }, "rule5.person"},
		{"body without operator", func(m *RoleMail, w *RoleMailExpect) { m.Body = "Mette Sørensen" }, "rule5.operator"},
		{"empty body", func(m *RoleMail, w *RoleMailExpect) { m.Body = "" }, "rule5.both"},
		{"all wrong", func(m *RoleMail, w *RoleMailExpect) { *m = RoleMail{} }, "rule1.none rule2.none rule3.none rule4.none rule5.both"},
	} {
		m, w := metteMail(), metteExpect()
		c.change(&m, &w)
		verdicts := CheckRoleMail(m, w)
		var broken []string
		for i, v := range verdicts {
			if v.Rule != i+1 || v.Kept == (v.RemedyKey != "") || !strings.HasPrefix(v.Key, "rolemail.rule") {
				t.Errorf("%s: verdict %+v", c.name, v)
			}
			if !v.Kept {
				broken = append(broken, strings.TrimPrefix(v.Key, "rolemail."))
			}
		}
		if got := strings.Join(broken, " "); got != c.broken {
			t.Errorf("%s: broken %q, want %q", c.name, got, c.broken)
		}
		if AllKept(verdicts) != (c.broken == "") {
			t.Errorf("%s: AllKept %v", c.name, AllKept(verdicts))
		}
	}
}

func TestRuleVerdictSurvivesStorage(t *testing.T) {
	m := metteMail()
	m.Cc = []string{"<b>@x.example"}
	verdicts := CheckRoleMail(m, metteExpect())
	raw, err := json.Marshal(verdicts)
	if err != nil {
		t.Fatal(err)
	}
	var back [5]RuleVerdict
	if err := json.Unmarshal(raw, &back); err != nil || back != verdicts {
		t.Errorf("%v: %+v", err, back)
	}
}

func TestSubjectAsksForRole(t *testing.T) {
	for _, s := range []string{
		"role request for a FLEGT timber importer", "Role Request For A FLEGT Timber Importer",
		"Re: role request for a FLEGT timber importer", "SV: VS: Fwd: ROLE REQUEST", "AW: Re[2]: role request",
		"[EXTERNAL] role request for a FLEGT timber importer", "role-request: FLEGT importer", "FLEGT - role request",
		"FLEGT importer role requested", "request for role", "Requesting the role of operator", "Role as FLEGT importer",
		"I would like to have the role of importer", "Application for role: FLEGT operator", "We need a role in FLEGT",
		"FLEGT timber importer - role request (agent)", "Please give me the operator role", "roles requested", "Role wanted",
		"Authorisation request: operator", "Request for authorization as FLEGT importer",
		"Anmodning om rolle som importør af FLEGT-træ", "anmodning om rolle", "Rolleanmodning", "Ansøgning om rollen Operator",
		"Ansoegning om rolle som importoer", "Jeg ønsker en rolle som importør", "Rolle som FLEGT-importør ønskes", "Importørrolle ønskes", "ANMODNING OM IMPORTØRROLLE",
		"Vi beder om rolle i FLEGT-systemet", "Rolleønske", "Rolleønske: FLEGT-importør", "Brugerrolle i FLEGT ønskes", "rolerequest", "Jeg søger om rollen som importør", "Tildeling af rolle", "SV: Anmodning om rolle",
		"Antrag auf Rolle als FLEGT-Importeur", "Rollenantrag", "Demande de rôle d'importateur FLEGT", "Solicitud de rol de importador", "Richiesta ruolo importatore",
		"Verzoek om rol als importeur", "Ansökan om roll som importör", "Žádost o roli dovozce", "Wniosek o rolę importera", "Pyyntö: maahantuojan rooli",
	} {
		if !SubjectAsksForRole(s) {
			t.Errorf("%q should pass", s)
		}
	}
	for _, s := range []string{
		"", " ", "hello", "Hej", "FLEGT licence 16.1", "FLEGT", "FLEGT timber importer", "Request for FLEGT licence", "request", "Re:", "SV: ",
		"role", "rolle", "FLEGT role", "Role model of the year", "Importer registration", "anmodning", "Anmodning om FLEGT-licens", "Anmodning om kontrol",
		"Bitte um Kontrolle", "Kontrolle der Lizenz: Antrag", "Trees and their controlled import request", "parole request", "I request paper rolls",
		"Withdraw my role request", "Cancel: role request for a FLEGT timber importer", "Annullering af anmodning om rolle", "Tilbagetrækning af rolleanmodning",
		"What role does an importer have?", "How do I request a role?", "Hvordan får jeg en rolle som importør?", "scroll request importer",
		"Authorisation of licence 16.1", "Request for authorisation of FLEGT licence", "importer", "request importer", "Requestor", "stroller wanted",
	} {
		if SubjectAsksForRole(s) {
			t.Errorf("%q should not pass", s)
		}
	}
}

func TestSubjectTableIsWrittenFolded(t *testing.T) {
	r := roleSubjects
	for _, list := range [][]string{r.role, r.roleStart, r.permission, r.asking, r.actor, r.takenBack, r.question, plainWords, nameParticles, replyMarks} {
		for _, w := range list {
			if Fold(w) != w {
				t.Errorf("%q folds to %q", w, Fold(w))
			}
		}
	}
}

func TestPersonNamed(t *testing.T) {
	const op = "Nordisk Træ A/S"
	for _, c := range []struct {
		body, first, last string
		want              bool
	}{
		{"Mette Sørensen", "Mette", "Sørensen", true},
		{"METTE SØRENSEN", "Mette", "Sørensen", true},
		{"mette soerensen", "Mette", "Sørensen", true},
		{"Mette\nSørensen", "Mette", "Sørensen", true},
		{"Mette\r\n  Sørensen\r\n", "Mette", "Sørensen", true},
		{"Sørensen, Mette", "Mette", "Sørensen", true},
		{"Sørensen Mette", "Mette", "Sørensen", true},
		{"User Sørensen, Mette of Nordisk Træ", "Mette", "Sørensen", true},
		{"I, Mette Louise Sørensen, request", "Mette", "Sørensen", true},
		{"I, Mette L. Sørensen, request", "Mette", "Sørensen", true},
		{"Mette af Rosenborg Sørensen", "Mette", "Sørensen", true},
		{"mette louise sørensen", "Mette", "Sørensen", true},
		{"(Mette Sørensen)", "Mette", "Sørensen", true},
		{"*Mette* *Sørensen*", "Mette", "Sørensen", false}, // set apart as two things
		{"*Mette Sørensen*", "Mette", "Sørensen", true},
		{"Mette Sørensen's request", "Mette", "Sørensen", true},
		{"First name: Mette\nLast name: Sørensen\n", "Mette", "Sørensen", true},
		{"First name: Mette\n\nLast name: Sørensen\n", "Mette", "Sørensen", true},
		{"Fornavn: Mette\nEfternavn: Sørensen", "Mette", "Sørensen", true},
		{"First name(s): Mette\nSurname(s): Sørensen", "Mette", "Sørensen", true},
		{"Fornavn(e): Mette\nEfternavn(e): Sørensen", "Mette", "Sørensen", true},
		{"First name(s): Mette\nSurname(s): Hansen\nFirst name(s): Jens\nSurname(s): Sørensen", "Mette", "Sørensen", false},
		{"Efternavn: Sørensen\nFornavn: Mette", "Mette", "Sørensen", true},
		{"My first name is Mette and my last name is Sørensen.", "Mette", "Sørensen", true},
		{"Navn\tMette Sørensen", "Mette", "Sørensen", true},
		{"Name: Mette Sørensen <mette@nordisktrae.example>", "Mette", "Sørensen", true},
		{"Mette Sørensen<mette@nordisktrae.example>", "Mette", "Sørensen", true},
		{"for our employee, whose name as it stands in the account is Mette Louise\nSørensen", "Mette", "Sørensen", true},
		{"Anne-Marie Bech Sørensen", "Anne Marie", "Bech Sørensen", true},
		{"Anne Marie Bech-Sørensen", "Anne-Marie", "Bech Sørensen", true},
		{"Jan van der Berg", "Jan", "van der Berg", true},
		{"Seán O’Neill", "Sean", "O'Neill", true},
		{"Mette Sorensen", "Mette", "", true},
		{"Nagy Péter", "Péter", "Nagy", true},

		{"", "Mette", "Sørensen", false},
		{"Mette", "Mette", "Sørensen", false},
		{"Sørensen", "Mette", "Sørensen", false},
		{"Metteline Sørensen", "Mette", "Sørensen", false},
		{"Mette Sørensensen", "Mette", "Sørensen", false},
		{"Mette Sørensen-Hansen", "Mette", "Sørensen", false},
		{"Anne-Mette Sørensen", "Mette", "Sørensen", false},
		{"mette.sørensen@nordisktrae.example", "Mette", "Sørensen", false},
		{"https://mette sørensen", "Mette", "Sørensen", false},
		{"http://www.example/mette/sørensen", "Mette", "Sørensen", false},
		{"Jens Sørensen", "Mette", "Sørensen", false},
		{"Mette Hansen\nPeter Sørensen", "Mette", "Sørensen", false},
		{"Mette Hansen, Peter Sørensen", "Mette", "Sørensen", false},
		{"Mette Hansen and Peter Sørensen", "Mette", "Sørensen", false},
		{"Mette Hansen og Peter Sørensen", "Mette", "Sørensen", false},
		{"Mette Hansen & Peter Sørensen", "Mette", "Sørensen", false},
		{"Mette Hansen\tPeter Sørensen", "Mette", "Sørensen", false},
		{"Jens Sørensen, Mette Hansen", "Mette", "Sørensen", false},
		{"Jens Sørensen\nMette Hansen", "Mette", "Sørensen", false},
		{"Hi Mette,\n\nSørensen Import wants a role", "Mette", "Sørensen", false},
		{"Hi Mette. Sørensen here", "Mette", "Sørensen", false},
		{"Mette works for Sørensen", "Mette", "Sørensen", false},
		{"Mette kender Sørensen", "Mette", "Sørensen", false},
		{"Mette wrote this.\n\nA line\n\nYours\nJens Sørensen", "Mette", "Sørensen", false},
		{"First name: Mette\nLast name: Hansen\nFirst name: Jens\nLast name: Sørensen", "Mette", "Sørensen", false},
		{"anything", "", "", false},
	} {
		if got := PersonNamed(c.body, c.first, c.last, op); got != c.want {
			t.Errorf("%q: %s %s named %v", c.body, c.first, c.last, got)
		}
	}
}

func TestPersonAndCompanyOfTheSameName(t *testing.T) {
	for _, c := range []struct {
		body, operator string
		want           bool
	}{
		{"Hi from Mette\nSørensen Træ A/S", "Sørensen Træ A/S", false},
		{"Mette Sørensen\nSørensen Træ A/S", "Sørensen Træ A/S", true},
		{"Mette Sørensen, Sørensen A/S", "Sørensen A/S", true},
		{"Mette\nSørensen A/S", "Sørensen A/S", false},
		{"Mette Sørensen Import", "Mette Sørensen Import", true},
		{"Mette Sørensen", "Mette Sørensen", true},
	} {
		if got := PersonNamed(c.body, "Mette", "Sørensen", c.operator); got != c.want {
			t.Errorf("%q for %q: %v", c.body, c.operator, got)
		}
	}
}

func TestOperatorNamed(t *testing.T) {
	for _, c := range []struct {
		body, operator string
		want           bool
	}{
		{"Nordisk Træ A/S", "Nordisk Træ A/S", true},
		{"NORDISK TRAE A/S", "Nordisk Træ A/S", true},
		{"the company nordisk trä.", "Nordisk Træ A/S", true},
		{"Nordisk\nTræ", "Nordisk Træ A/S", true},
		{"importer:Nordisk Træ ApS", "Nordisk Træ A/S", true},
		{"\"Nordisk  Træ\" (CVR 12345678)", "Nordisk Træ A/S", true},
		{"Nordisk Træs", "Nordisk Træ A/S", false},
		{"Nordisk Træimport", "Nordisk Træ A/S", false},
		{"Nordisk Træ-import", "Nordisk Træ A/S", false},
		{"Nordisk\n\nTræ", "Nordisk Træ A/S", false},
		{"Træ Nordisk", "Nordisk Træ A/S", false},
		{"info@nordisk træ", "Nordisk Træ A/S", false},
		{"Nordisk Skov Træ", "Nordisk Træ A/S", false},
		{"", "Nordisk Træ A/S", false},
		{"anything", "", false},
		{"Hansen og Sønner", "Hansen & Sønner I/S", true},
		{"Hansen & Sønner", "Hansen og Sønner I/S", true},
		{"Holzhandel Weiss GmbH und Co. KG", "Holzhandel Weiß GmbH & Co. KG", true},
		{"Holzhandel Weiß", "Holzhandel Weiß GmbH & Co. KG", true},
		{"for Drewno Polskie spółka z o.o.", "Drewno Polskie sp. z o.o.", true},
		{"PT Rimba Jaya", "Rimba Jaya", true},
		{"A.P. Møller", "A. P. Møller A/S", true},
	} {
		if got := OperatorNamed(c.body, c.operator); got != c.want {
			t.Errorf("%q names %q: %v", c.body, c.operator, got)
		}
	}
}

func TestBestRequest(t *testing.T) {
	dk, se, long := metteExpect(), metteExpect(), metteExpect()
	se.OperatorName, se.Country, se.AuthorityAddresses = "Svensk Trä AB", "SE", []string{"flegt@sks.example"}
	long.OperatorName = "Nordisk Træ Import A/S"
	m := metteMail()
	for _, c := range []struct {
		body string
		cc   string
		of   []RoleMailExpect
		want int
	}{
		{m.Body, "svana@svana.dk", []RoleMailExpect{se, dk}, 1},
		{m.Body, "svana@svana.dk", []RoleMailExpect{dk, se}, 0},
		{"Mette Sørensen, Svensk Trä", "svana@svana.dk", []RoleMailExpect{dk, se}, 1},
		{"Svensk Trä", "svana@svana.dk", []RoleMailExpect{dk, se}, 1},
		{"Mette Sørensen", "flegt@sks.example", []RoleMailExpect{dk, se}, 1},
		{"Mette Sørensen", "", []RoleMailExpect{dk, se}, 0},
		{"Mette Sørensen, Nordisk Træ Import A/S", "svana@svana.dk", []RoleMailExpect{dk, long}, 1},
		{"Mette Sørensen, Nordisk Træ A/S", "svana@svana.dk", []RoleMailExpect{long, dk}, 1},
		{"", "", nil, -1},
	} {
		m.Body, m.Cc = c.body, []string{c.cc}
		if got, _ := BestRequest(m, c.of); got != c.want {
			t.Errorf("%q: request %d, want %d", c.body, got, c.want)
		}
	}
}

func TestWrittenRoleMailKeepsAllRules(t *testing.T) {
	for _, change := range []func(*RoleMailExpect){
		func(*RoleMailExpect) {},
		func(w *RoleMailExpect) { w.FirstName, w.LastName = "Anne-Marie", "O'Neill" },
		func(w *RoleMailExpect) { w.FirstName, w.LastName = "Mette\r\n\r\nLouise", " Sørensen" },
		func(w *RoleMailExpect) { w.OperatorName = "Mette Sørensen" },
		func(w *RoleMailExpect) { w.OperatorName = "Sørensen & Sønner K/S" },
		func(w *RoleMailExpect) { w.OperatorName = "A/S" },
	} {
		want := metteExpect()
		change(&want)
		d := WriteRoleMail(want)
		m := RoleMail{FromAddrs: []string{want.AccountEmail}, To: d.To, Cc: d.Cc, Subject: d.Subject, Body: d.Body}
		if verdicts := CheckRoleMail(m, want); !AllKept(verdicts) {
			t.Errorf("%+v: %+v", want, verdicts)
		}
	}
}

func TestMailto(t *testing.T) {
	d := RoleMailDraft{
		To: []string{"a+b@x.example", "c@x.example"}, Cc: []string{"d@x.example"},
		Subject: "role & more?", Body: "Træ\nA/S 100%\r\n",
	}
	want := "mailto:a%2Bb@x.example,c@x.example?cc=d@x.example&subject=role%20%26%20more%3F&body=Tr%C3%A6%0D%0AA%2FS%20100%25%0D%0A"
	if got := d.Mailto(); got != want {
		t.Errorf("%s\nwant %s", got, want)
	}
	if got := (RoleMailDraft{To: []string{"a@x.example"}}).Mailto(); got != "mailto:a@x.example" {
		t.Error(got)
	}
}

func FuzzCheckRoleMail(f *testing.F) {
	m := metteMail()
	f.Add(m.FromAddrs[0], m.To[0], m.Cc[0], m.Subject, m.Body)
	f.Add("", "", "", "Re: Re: [x] role", "First name: Mette\nLast name: Sørensen\nNordisk\xff-Træ_A/S @ ://")
	f.Add("a", "b", "c", "[", "Sørensen, Mette https://x @y@ www. - . :")
	f.Fuzz(func(t *testing.T, from, to, cc, subject, body string) {
		w := metteExpect()
		verdicts := CheckRoleMail(RoleMail{FromAddrs: []string{from}, To: []string{to}, Cc: []string{cc}, Subject: subject, Body: body}, w)
		if verdicts[0].Kept && !strings.EqualFold(strings.TrimSpace(from), w.AccountEmail) {
			t.Errorf("rule 1 kept by %q", from)
		}
		folded := Fold(body)
		if verdicts[4].Kept {
			for _, name := range []string{w.FirstName, w.LastName, "Nordisk", "Træ"} {
				if !strings.Contains(folded, Fold(name)) {
					t.Errorf("rule 5 kept without %s: %q", name, body)
				}
			}
		}
		BestRequest(RoleMail{Body: body}, []RoleMailExpect{w, w})
	})
}
