package flegt

import "net/netip"

// closedRanges are the ranges that net/netip has no question for and that no receiver on the
// public Internet has (IANA special-purpose address registries, RFC 6890): this network, CGNAT
// (RFC 6598), protocol assignments, documentation, benchmarks, reserved, and the IPv6 ranges
// that carry an IPv4 address inside (NAT64, 6to4, Teredo) or lead nowhere.
var closedRanges = prefixes("0.0.0.0/8", "100.64.0.0/10", "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24",
	"198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24", "240.0.0.0/4", "::/96", "64:ff9b::/96", "64:ff9b:1::/48",
	"100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16", "fec0::/10")

func prefixes(all ...string) (out []netip.Prefix) {
	for _, one := range all {
		out = append(out, netip.MustParsePrefix(one))
	}
	return out
}

// PublicAddress says whether a receiver may have this address: one of the public Internet.
func PublicAddress(a netip.Addr) bool {
	a = a.WithZone("").Unmap()
	if !a.IsGlobalUnicast() || a.IsPrivate() {
		return false // also loopback, link-local with the metadata services, multicast, unspecified
	}
	for _, p := range closedRanges {
		if p.Contains(a) {
			return false
		}
	}
	return true
}
