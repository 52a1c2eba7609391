package e2e

import (
	"os"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/openflegt/openflegt/internal/flegt"
	"github.com/openflegt/openflegt/internal/store/storetest"
)

// journey is the letter's eight steps in one country and language.
type journey struct {
	t    *testing.T
	p    *program
	at   country
	mail *sink
	w    words
	lang string
	// scriptless people have JavaScript switched off.
	scriptless bool

	support, second            *visitor // two of the Support Team
	mette, colleague, rival    *visitor // two of one company, one of another
	officer, otherOfficer      *visitor // of the authority
	customs, otherCustoms      *visitor
	number, licence, mrn, next string
}

// supportAddress is where role mails go.
const supportAddress = "support@flegt.example"

// The people of the journey.
var (
	susan   = person{"Susan", "Marsh", "susan.marsh@flegt.example"}
	sven    = person{"Sven", "Holt", "sven.holt@flegt.example"}
	mette   = person{"Mette", "Sørensen", "mette@nordisktrae.example"}
	jens    = person{"Jens", "Åkær", "jens@nordisktrae.example"}
	rival   = person{"Ulla", "Brandt", "ulla@rival.example"}
	oda     = person{"Oda", "Frank", "oda@authority.example"}
	otto    = person{"Otto", "Lund", "otto@authority.example"}
	clara   = person{"Clara", "Vinter", "clara@customs.example"}
	carsten = person{"Carsten", "Bro", "carsten@customs.example"}
)

// TestTheJourney walks the eight steps of the letter in a browser, with real mail programs:
// in Danish as in the letter, in English in another country, and on PostgreSQL. In the
// middle the program is stopped, or its plug is pulled, and nothing is lost.
func TestTheJourney(t *testing.T) {
	soft, hard := (*program).stop, (*program).pull
	t.Run("english", func(t *testing.T) {
		t.Parallel()
		walk(t, germany, soft, hard)
	})
	t.Run("danish", func(t *testing.T) {
		t.Parallel()
		walk(t, denmark, hard, soft)
	})
	if os.Getenv(storetest.PostgresEnv) != "" {
		t.Run("postgres", func(t *testing.T) {
			t.Parallel()
			walk(t, denmark, hard, hard, "--database", storetest.PostgresAddress(t))
		})
	}
}

// walk walks the eight steps. The program is interrupted between the third and the fourth
// and between the sixth and the seventh.
func walk(t *testing.T, at country, interrupt, again func(*program), args ...string) {
	mail := startSink(t)
	p := startProgram(t, "serve", append(args, "--relay", mail.URL, "--support-address", supportAddress)...)
	j := &journey{t: t, p: p, at: at, mail: mail, w: speak(t, at.lang), lang: at.lang}
	j.officials()
	j.account()
	request := j.request()
	j.roleMail(request)
	j.between(j.support, func() {
		j.support.open(strings.Replace(request, "/roles/", "/support/requests/", 1))
		j.support.fill(j.say("authorisation.reason"), "typed before the machine went off")
	}, interrupt)
	j.approval(request)
	j.colleagues()
	j.enter()
	j.hidden()
	j.tooEarly()
	j.between(j.officer, func() {
		j.officer.open(j.desk())
		j.officer.fill(j.say("desk.reason"), "typed before the machine went off")
	}, again)
	j.decision()
	j.clearance()
	j.memory()
}

// say is a sentence in the journey's language.
func (j *journey) say(key string, pairs ...any) string {
	j.t.Helper()
	return j.w.T(j.t, key, pairs...)
}

// officials makes the first of the Support Team at the machine, and lets the staff of
// authority and customs ask for their roles.
func (j *journey) officials() {
	j.support, j.second = j.arrives(susan), j.arrives(sven)
	j.grants(susan)
	j.grants(sven)
	if j.at.entered != "" {
		j.support.open("/support/authorities/CA-" + j.at.code)
		j.support.sees(j.say("authority.address_unknown"))
		j.support.fill(j.say("authority.email"), j.at.entered)
		j.support.press(j.say("authority.save"))
		j.support.answered(422)
		j.support.fill(j.say("authority.source"), "letter of the ministry")
		j.support.press(j.say("authority.save"))
		j.support.sees(j.say("authority.saved"))
	}
	j.officer, j.otherOfficer = j.joins(oda, "competent_authority", "CA-"+j.at.code), j.joins(otto, "competent_authority", "CA-"+j.at.code)
	j.customs, j.otherCustoms = j.joins(clara, "customs", "CUSTOMS-"+j.at.code), j.joins(carsten, "customs", "CUSTOMS-"+j.at.code)
}

// account is step 1: pages that need a role say how to get one.
func (j *journey) account() {
	j.mette = j.arrives(mette)
	for _, page := range []string{"/licences", "/licences/new", "/desk", "/customs", "/support/requests"} {
		if status := j.mette.open(page); status != 403 && status != 404 {
			j.mette.fail("is open to somebody without a role")
		}
		j.mette.sees(j.say("home.role.text"))
		if !j.mette.has(j.say("roles.request")) {
			j.mette.fail("does not lead to a role")
		}
	}
}

// request is step 2; it gives the request's address.
func (j *journey) request() string {
	j.creates(j.mette, mette, j.at.company)
	j.asks(j.mette)
	j.mail.wait(j.t, mette.email, j.w.Start(j.t, "notice.authorisation.requested.text"))
	j.mail.wait(j.t, supportAddress, j.at.company.full())
	path := j.mette.path()
	j.support.open(strings.Replace(path, "/roles/", "/support/requests/", 1))
	j.support.sees(j.say("support.mails.none"))
	j.support.press(j.say("support.approve"))
	j.support.answered(422)
	j.support.sees(j.say("authorisation.approve.override_needed"))
	return path
}

// roleMail is step 3: the mail that the page shows is sent from a mail program.
func (j *journey) roleMail(request string) {
	m := j.mette.shownMail(mette.email)
	if m.to != supportAddress || m.cc != j.at.authority() {
		j.mette.fail("shows a mail to %s, copy to %s", m.to, m.cc)
	}
	j.at.sends(j, m)
	j.mail.wait(j.t, mette.email, j.w.Start(j.t, "notice.mail.kept"))
	j.mette.open(request)
	j.mette.sees(j.say("roles.waits.support"))
}

// between interrupts the program while somebody has a form open, and wants what was
// acknowledged, the session and the form to outlive it.
func (j *journey) between(v *visitor, typed func(), interrupt func(*program)) {
	typed()
	interrupt(j.p)
	j.p.start()
}

// approval is step 4: the form that was open is sent after the interruption. Two of the
// Support Team decide at once; the second is told.
func (j *journey) approval(request string) {
	path := strings.Replace(request, "/roles/", "/support/requests/", 1)
	j.second.open(path)
	j.second.sees(j.say("mail.outcome.kept"))
	for rule := '1'; rule <= '5'; rule++ {
		j.second.sees(j.w.Start(j.t, "rolemail.rule"+string(rule)+".kept"))
	}
	j.support.press(j.say("support.approve"))
	j.support.sees(j.say("support.approved"))
	j.second.fill(j.say("authorisation.reason"), "I was slower")
	j.second.press(j.say("support.reject"))
	j.second.answered(409)
	j.mail.wait(j.t, mette.email, j.w.Start(j.t, "notice.authorisation.approved.text"))
	j.mette.open(request)
	j.mette.sees(j.say("authorisation.status.approved"))
}

// colleagues lets a colleague break rules first, be told which, and ask again; and a
// competitor of another company come in.
func (j *journey) colleagues() {
	j.colleague = j.arrives(jens)
	j.colleague.open("/roles/request?role=operator")
	j.colleague.fill(j.say("request.search"), strings.ToLower(flegt.Fold(j.at.company.name)))
	j.colleague.press(j.say("form.search"))
	j.colleague.press(j.say("request.for", "Operator", j.at.company.full()))
	j.asks(j.colleague)
	m := j.colleague.shownMail(jens.email)
	broken := m
	broken.cc, broken.subject = "", "hello"
	j.at.sends(j, broken)
	answer := j.mail.wait(j.t, jens.email, j.w.Start(j.t, "notice.mail.broken"))
	j.colleague.goes(reload)
	j.colleague.sees(j.say("authorisation.status.rejected"))
	for _, sentence := range []string{j.say("rolemail.rule3.none"), j.say("rolemail.rule3.remedy", "Wanted", j.at.authority()), j.w.Start(j.t, "rolemail.rule4.other"),
		j.say("rolemail.rule4.remedy", "Wanted", m.subject)} {
		j.colleague.sees(sentence)
		if !strings.Contains(plain(answer.Text), plain(sentence)) {
			j.t.Errorf("the answer does not say %q:\n%s", sentence, answer.Text)
		}
	}
	j.colleague.press(j.say("roles.again"))
	j.colleague.sees(j.say("authorisation.status.requested"))
	j.admitted(j.colleague, jens)

	j.rival = j.arrives(rival)
	j.creates(j.rival, rival, j.at.rival)
	j.asks(j.rival)
	j.admitted(j.rival, rival)
}

// admitted sends the mail that the page of a request shows; the Support Team approves.
func (j *journey) admitted(v *visitor, who person) {
	j.at.sends(j, v.shownMail(who.email))
	j.mail.wait(j.t, who.email, j.w.Start(j.t, "notice.mail.kept"))
	j.support.open(strings.Replace(v.path(), "/roles/", "/support/requests/", 1))
	j.support.press(j.say("support.approve"))
	j.support.sees(j.say("support.approved"))
	v.open("/home")
	v.sees(j.say("licence.new.title"))
}

// enter is step 5: a licence with findings cannot be submitted; with every box it can.
func (j *journey) enter() {
	v := j.mette
	j.number = time.Now().Format("06") + ".00999-00001.001-ID-" + j.at.code
	v.open("/licences")
	v.sees(j.say("licence.list.none"))
	v.press(j.say("licence.new.title"))
	v.fill(j.say("licence.form.number"), j.number)
	v.press(j.say("licence.submit"))
	v.sees(j.w.Start(j.t, "licence.submit.findings"))
	v.sees(j.say("check.scan_none"))
	for key, value := range map[string]string{"licence.form.export": "ID", "licence.form.issuing_body": "PT Mutuagung Lestari", "licence.form.importer": j.at.company.full(),
		"licence.form.expires": inDays(90), "licence.form.transport": "By sea", "licence.form.licensee": "CV Jepara Garden Living", "licence.form.description": "Teak garden chair",
		"licence.form.hs": "9401.69", "licence.form.common": "Jati", "licence.form.scientific": "Tectona grandis", "licence.form.harvest": "ID", "licence.form.volume": "8.412",
		"licence.form.weight": "5120", "licence.form.units": "480", "licence.form.invoice": "JGL-1", "licence.form.issue_place": "Depok", "licence.form.issued": inDays(-20),
		"licence.import_country": j.at.code, "licence.form.office": j.at.office} {
		v.fill(j.say(key), value)
	}
	v.fill(j.say("scan.add"), j.scan(j.number))
	v.press(j.say("licence.save"))
	v.sees(j.say("licence.saved"))
	if strings.HasSuffix(v.path(), "/edit") {
		v.press(j.say("licence.submit"))
	} else {
		v.press(j.say("licence.go_on"))
		v.press(j.say("licence.submit"))
	}
	v.sees(j.say("licence.submitted"))
	j.licence = v.path()
	j.mail.wait(j.t, j.at.authority(), j.say("notice.licence.submitted.authority", "Number", j.number))
}

var scanAddress = regexp.MustCompile(`/licences/[^/"]+/scans/[^/"?#]+`)

// hidden checks that a colleague sees the licence and a competitor does not, by any path.
func (j *journey) hidden() {
	j.colleague.open("/licences")
	j.colleague.press(j.number)
	j.colleague.answered(200)
	scan := scanAddress.FindString(ask[string](j.colleague, `() => document.documentElement.outerHTML`))
	if status := ask[int](j.colleague, `p => fetch(p).then(r => r.status)`, scan); scan == "" || status != 200 {
		j.colleague.fail("leads to a scan %q that answers %d", scan, status)
	}
	j.rival.open("/licences?q=" + j.number)
	j.rival.seesNot(j.number)
	id := strings.TrimPrefix(j.licence, "/licences/")
	guess := id[:len(id)-1] + string("0123456789abcdef"[(strings.IndexByte("0123456789abcdef", id[len(id)-1])+1)%16])
	for _, page := range []string{j.licence, j.licence + "/edit", j.licence + "/proof", scan, "/desk/" + id, "/customs/" + id, "/licences/" + guess} {
		if j.rival.open(page) != 404 {
			j.rival.fail("is open to a competitor")
		}
	}
}

// desk and counter are the licence's pages for the authority and for customs.
func (j *journey) desk() string    { return strings.Replace(j.licence, "/licences/", "/desk/", 1) }
func (j *journey) counter() string { return strings.Replace(j.licence, "/licences/", "/customs/", 1) }

// tooEarly is step 6: customs is refused before the authority has accepted.
func (j *journey) tooEarly() {
	j.customs.open("/customs")
	j.customs.fill(j.say("clearance.find.number"), "99.99999-99999.999-ID-DK")
	j.customs.press(j.say("form.search"))
	j.customs.answered(404)
	j.customs.fill(j.say("clearance.find.number"), j.number)
	j.customs.press(j.say("form.search"))
	j.customs.sees(j.say("clearance.no"))
	j.mrn, j.next = mrn(j.t, j.at.code, "77"), mrn(j.t, j.at.code, "78")
	if j.customs.has(j.say("clearance.book")) {
		j.books(j.customs, j.mrn, "480")
		j.customs.answered(409)
	}
	j.customs.sees(j.w.Start(j.t, "clearance.not_accepted"))
}

// mrn makes the number of a declaration whose check digit agrees.
func mrn(t *testing.T, code, number string) string {
	t.Helper()
	base := time.Now().Format("06") + code + strings.Repeat("0", 13-len(number)) + number
	for c := '0'; c <= '9'; c++ {
		if flegt.MRNDigitAgrees(base + string(c)) {
			return base + string(c)
		}
	}
	t.Fatal("no check digit agrees")
	return ""
}

// books books a declaration of so many chairs on the page that stands open.
func (j *journey) books(v *visitor, mrn, units string) {
	v.fill(j.say("clearance.mrn"), mrn)
	v.fill(j.say("clearance.office"), j.at.office)
	v.fillBox("quantity.1.H87", units)
	v.press(j.say("clearance.book"))
}

// decision is the first half of step 7: two officers at once; the second is told.
func (j *journey) decision() {
	j.otherOfficer.open("/desk")
	j.otherOfficer.press(j.number)
	j.officer.press(j.say("desk.accept"))
	j.officer.sees(j.say("desk.accepted"))
	j.otherOfficer.fill(j.say("desk.reason_code"), "other")
	j.otherOfficer.fill(j.say("desk.reason"), "I was slower")
	j.otherOfficer.press(j.say("desk.reject"))
	j.otherOfficer.answered(409)
	j.otherOfficer.sees(j.say("error.changed_meanwhile"))
	j.mail.wait(j.t, mette.email, j.w.Start(j.t, "notice.licence.accepted.text"))
	j.mette.open(j.licence)
	j.mette.sees(j.say("licence.proof.heading"))
	j.mette.press(j.say("licence.proof.print"))
	j.mette.sees(j.w.Start(j.t, "licence.proof.accepted"))
}

// clearance is the other half: the goods are booked and released, no more than there are
// and no more than once.
func (j *journey) clearance() {
	j.customs.open(j.counter())
	j.otherCustoms.open(j.counter())
	j.books(j.customs, j.mrn, "481")
	j.customs.answered(409)
	j.customs.sees("481")
	j.books(j.customs, j.mrn, "480")
	j.customs.sees(j.say("clearance.booked", "MRN", j.mrn))
	j.books(j.otherCustoms, j.next, "480")
	j.otherCustoms.answered(409)
	j.otherCustoms.sees(j.next)
	j.otherCustoms.open(j.counter())
	j.customs.press(j.say("clearance.release", "MRN", j.mrn))
	j.otherCustoms.press(j.say("clearance.release", "MRN", j.mrn))
	j.customs.press(j.say("clearance.release.confirm"))
	j.customs.sees(j.say("clearance.released", "MRN", j.mrn))
	j.otherCustoms.press(j.say("clearance.release.confirm"))
	j.otherCustoms.answered(409)
	j.otherCustoms.sees(j.say("clearance.released_already", "MRN", j.mrn))
	j.mette.open(j.licence)
	j.mette.sees("480 480 0 480 0")
	j.mette.sees(j.mrn)
}

// memory is step 8: everyone was told, and the history holds every step.
func (j *journey) memory() {
	for _, to := range []string{mette.email, jens.email} {
		j.mail.wait(j.t, to, j.say("notice.licence.released.text", "MRN", j.mrn, "Number", j.number))
	}
	j.mail.wait(j.t, j.at.authority(), j.say("notice.licence.released.authority", "MRN", j.mrn, "Number", j.number))
	for _, l := range j.mail.all(rival.email) {
		if strings.Contains(l.Text, j.number) {
			j.t.Errorf("a competitor was told of the licence: %s", l.Text)
		}
	}
	j.mette.open("/notices")
	j.mette.sees(j.say("notice.licence.released", "Number", j.number))
	j.mette.open(j.licence)
	history := j.mette.text()
	history = history[strings.LastIndex(history, j.say("licence.history.title")):]
	for _, step := range []string{"created", "scan_added", "submitted", "accepted", "booked", "released"} {
		if !strings.Contains(history, j.say("licence.event."+step)) {
			j.mette.fail("has no %s in its history", step)
		}
	}
	for _, who := range []person{mette, oda, clara} {
		j.mette.sees(who.name())
	}
}
