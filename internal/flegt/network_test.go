package flegt

import "testing"

func TestNetworkNames(t *testing.T) {
	for remote, want := range map[string]string{
		"192.0.2.1:5000": "192.0.2.1", "192.0.2.1": "192.0.2.1", "[::ffff:192.0.2.1]:80": "192.0.2.1",
		"[2001:db8:1:2:3::4]:80": "2001:db8:1:2::/64", "2001:db8:1:2:ffff::1": "2001:db8:1:2::/64", "[fe80::1%eth0]:1": "fe80::/64", "pipe": "pipe",
	} {
		if got := Network(remote); got != want {
			t.Errorf("%s: %s, want %s", remote, got, want)
		}
	}
}
