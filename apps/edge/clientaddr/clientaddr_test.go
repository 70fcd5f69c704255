package clientaddr

import (
	"net/http"
	"net/netip"
	"strings"
	"testing"
)

var proxies = []netip.Prefix{netip.MustParsePrefix("10.0.0.0/8"), netip.MustParsePrefix("fd00::/8")}

func TestOf(t *testing.T) {
	many := strings.TrimSuffix(strings.Repeat("10.0.0.9, ", 499)+"203.0.113.9", ", ")
	for _, c := range []struct {
		name, peer, want string
		trusted          []netip.Prefix
		xff              []string
	}{
		{"FA-07 without listed proxies the header is nobody's", "198.51.100.1:5", "198.51.100.1", nil, []string{"1.1.1.1"}},
		{"FA-07 a stranger's header is not read", "198.51.100.1:5", "198.51.100.1", proxies, []string{"1.1.1.1"}},
		{"a listed proxy without a header is the client", "10.0.0.1:5", "10.0.0.1", proxies, nil},
		{"a listed proxy names its client", "10.0.0.1:5", "203.0.113.7", proxies, []string{"203.0.113.7"}},
		{"FA-07 what a client put in front does not count", "10.0.0.1:5", "203.0.113.7", proxies, []string{"127.0.0.1, 203.0.113.7"}},
		{"a chain of listed proxies is walked", "10.0.0.1:5", "203.0.113.7", proxies, []string{"9.9.9.9, 203.0.113.7, 10.0.0.3"}},
		{"several lines are one list", "10.0.0.1:5", "203.0.113.7", proxies, []string{"9.9.9.9", "203.0.113.7, 10.1.1.1", "10.0.0.3"}},
		{"only proxies: the farthest", "10.0.0.1:5", "10.0.0.9", proxies, []string{"10.0.0.9, 10.0.0.3"}},
		{"FA-08 unparsable", "10.0.0.1:5", "10.0.0.1", proxies, []string{"a"}},
		{"FA-08 unparsable behind a proxy", "10.0.0.1:5", "10.0.0.1", proxies, []string{"a, 10.0.0.3"}},
		{"FA-08 empty entry", "10.0.0.1:5", "10.0.0.1", proxies, []string{"203.0.113.7, "}},
		{"FA-08 an address with a port", "10.0.0.1:5", "10.0.0.1", proxies, []string{"203.0.113.7:80"}},
		{"FA-08 500 entries", "10.0.0.1:5", "10.0.0.1", proxies, []string{many}},
		{"FA-08 a zone", "10.0.0.1:5", "10.0.0.1", proxies, []string{"fe80::1%eth0"}},
		{"garbage left of the client is not reached", "10.0.0.1:5", "203.0.113.7", proxies, []string{"a, 203.0.113.7"}},
		{"IPv6", "[fd00::1]:5", "2001:db8::1", proxies, []string{"2001:db8::1"}},
		{"mapped IPv4 is IPv4", "[::ffff:10.0.0.1]:5", "203.0.113.7", proxies, []string{"::ffff:203.0.113.7"}},
		{"the peer's zone is dropped", "[fe80::2%eth0]:5", "fe80::2", proxies, nil},
		{"a unix socket has no address", "@", "invalid IP", proxies, []string{"1.1.1.1"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Of(c.peer, http.Header{"X-Forwarded-For": c.xff}, c.trusted)
			if got.String() != c.want {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

func BenchmarkOf(b *testing.B) {
	h := http.Header{"X-Forwarded-For": {"9.9.9.9, 203.0.113.7, 10.0.0.3"}}
	b.ReportAllocs()
	for b.Loop() {
		Of("10.0.0.1:5", h, proxies)
	}
}
