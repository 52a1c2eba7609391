package e2e

import "testing"

// TestWhatIsSeldomPressed walks the ways that few take, each by people of its own, in one registry.
func TestWhatIsSeldomPressed(t *testing.T) {
	p := startProgram(t, "demo")
	d := p.demo()
	for name, walk := range map[string]func(*testing.T, *program, demoFile){
		"an officer of one office": anOfficerOfOneOffice, "an acceptance is withdrawn": anAcceptanceIsWithdrawn, "a workbook": importFromAWorkbook,
		"requests without a mail": requestsWithoutAMail, "a long licence is issued": aLongLicenceIsIssued, "a warning is answered": aWarningIsAnswered,
		"the window is closed": theWindowIsClosed, "Enter in a box": enterSavesAlone,
	} {
		t.Run(name, func(t *testing.T) {
			walk(t, p, d)
		})
	}
}
