package flegt

import "strings"

// marks looks at box 17: what tells this shipment from others.
func (c *checker) marks() {
	f := c.lic.Form
	c.containers(f)
	for _, b := range []struct{ field, value string }{{"bar_code", f.BarCode}, {"lot", f.Lot}, {"bill_of_lading", f.BillOfLading}, {"marks", f.Marks}} {
		if tooLong(b.value, 500) {
			c.say(Wrong, "17", b.field, "error.too_long", "", Args{"Max": 500})
		}
	}
	switch {
	case strings.TrimSpace(f.Invoice) != "" && c.lic.Electronic && len(c.lic.Scans) == 0: // there is no paper to compare with
	case strings.TrimSpace(f.Invoice) != "":
		c.say(OK, "17", "invoice", "check.invoice_compare", "", Args{"Invoice": f.Invoice})
	case !c.lic.Electronic: // what the issuing country left out is not ours to add
		c.say(Wrong, "17", "invoice", "check.invoice_none", formLaw, nil)
	}
}

// containers checks each container number. What is on the paper may be wrong there, so it is
// a look.
func (c *checker) containers(f Form) {
	numbers, good := ContainerNumbers(f.Containers), 0
	for _, n := range numbers {
		form, digit := CheckContainer(n)
		switch {
		case !form:
			c.say(Look, "17", "containers", "check.container_form", "", Args{"Found": n})
		case !digit:
			c.say(Look, "17", "containers", "check.container_digit", "", Args{"Found": n})
		default:
			good++
		}
	}
	if len(numbers) > 0 && good == len(numbers) {
		c.say(OK, "17", "containers", "check.containers_ok", "", Args{"Count": good})
	}
}

// shipment asks whether the same goods stand in another licence: a licence covers one
// shipment, Reg. (EC) 2173/2005 art. 2 (to be verified).
func (c *checker) shipment() {
	f := c.lic.Form
	numbers := ContainerNumbers(f.Containers)
	if c.facts.SameShipment == nil || len(numbers) == 0 || strings.TrimSpace(f.BillOfLading) == "" {
		return
	}
	if other, found := c.facts.SameShipment(f.BillOfLading, numbers); found {
		c.say(Look, "17", "bill_of_lading", otherKey("check.same_shipment", other), shipmentLaw, Args{"Number": other.Number, "BillOfLading": f.BillOfLading})
	}
}

// otherKey is the sentence that names the other licence, or the one for whoever may not see
// it.
func otherKey(key string, other Other) string {
	if other.Number == "" {
		return key + ".hidden"
	}
	return key
}

// clearance looks at the customs office: lodging and clearance are in the same Member State,
// Reg. (EC) 1024/2008 art. 5.
func (c *checker) clearance() {
	text := strings.TrimSpace(c.lic.Form.Office)
	if text == "" {
		return
	}
	office, err := CheckCustomsOffice(text)
	switch e, refused := err.(*Error); {
	case refused:
		c.say(Wrong, "", "office", e.Key, "Reg. (EC) 1024/2008 art. 5", e.Args)
	case office[:2] != c.lic.ImportCountry:
		c.say(Wrong, "", "office", "check.office_country", "Reg. (EC) 1024/2008 art. 5", Args{"Office": office, "Country": c.lic.ImportCountry})
	default:
		c.say(OK, "", "office", "check.office_ok", "Reg. (EC) 1024/2008 art. 5", Args{"Office": office})
	}
}
