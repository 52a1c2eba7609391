package flegt

import (
	"net/netip"
	"strings"
)

// networkIPv6Bits is what one household or machine is given of IPv6.
const networkIPv6Bits = 64

// Network gives the name under which what comes from an address is counted, with a port or
// without: the IPv4 address, or the network to which an IPv6 address belongs. What is no
// address is its own name.
func Network(remote string) string {
	if ap, err := netip.ParseAddrPort(remote); err == nil {
		remote = ap.Addr().String()
	}
	a, err := netip.ParseAddr(strings.Trim(remote, "[]"))
	if err != nil {
		return remote
	}
	a = a.Unmap().WithZone("")
	if a.Is4() {
		return a.String()
	}
	p, err := a.Prefix(networkIPv6Bits)
	if err != nil {
		return remote
	}
	return p.String()
}
