package dispatch

import "strings"

// canonical makes lower-case A-labels without port or trailing dot of a Host header (FA-10). A name
// that is canonical already costs no allocation.
func canonical(host string) string {
	if i := strings.LastIndexByte(host, ':'); i >= 0 && strings.IndexByte(host, ']') < i {
		if strings.IndexByte(host, ':') == i || host[0] == '[' { // an IPv6 address has more
			host = host[:i]
		}
	}
	host = strings.TrimSuffix(host, ".")
	for i := range len(host) {
		if c := host[i]; 'A' <= c && c <= 'Z' {
			return strings.ToLower(host)
		}
	}
	return host
}
