// Package clientaddr says who is calling: the socket's peer, or, when that is a listed proxy, the
// right-most address in X-Forwarded-For that is not one.
//
// It promises that no other header is looked at, that nothing to the left of the first stranger counts,
// and that whatever cannot be read makes the peer the client, so a forged header can skip no check
// (FA-07, FA-08). It keeps nothing.
package clientaddr

import (
	"net/http"
	"net/netip"
	"strings"
)

// maxEntries bounds what is read of X-Forwarded-For; a longer one is nobody's honest chain.
const maxEntries = 50

// Of returns the client's address; the zero Addr when remoteAddr is no address (a unix socket).
func Of(remoteAddr string, h http.Header, trusted []netip.Prefix) netip.Addr {
	peer := parsePeer(remoteAddr)
	if len(trusted) == 0 || !contains(trusted, peer) {
		return peer
	}
	lines := h["X-Forwarded-For"]
	entries := len(lines)
	for _, line := range lines {
		entries += strings.Count(line, ",")
	}
	if entries == 0 || entries > maxEntries {
		return peer
	}
	client := peer
	for i := len(lines) - 1; i >= 0; i-- {
		for rest, more := lines[i], true; more; {
			var entry string
			if cut := strings.LastIndexByte(rest, ','); cut >= 0 {
				rest, entry = rest[:cut], rest[cut+1:]
			} else {
				entry, more = rest, false
			}
			addr, err := netip.ParseAddr(strings.TrimSpace(entry))
			if err != nil || addr.Zone() != "" {
				return peer
			}
			if client = addr.Unmap(); !contains(trusted, client) {
				return client
			}
		}
	}
	return client // nothing but listed proxies: the farthest of them
}

// Secure tells whether the client came over TLS to a listed proxy, by what this one says. With a chain of
// them the last counts: what is to its left may be anybody's.
func Secure(remoteAddr string, h http.Header, trusted []netip.Prefix) bool {
	lines := h["X-Forwarded-Proto"]
	if len(lines) == 0 || len(trusted) == 0 || !contains(trusted, parsePeer(remoteAddr)) {
		return false
	}
	last := lines[len(lines)-1]
	return strings.EqualFold(strings.TrimSpace(last[strings.LastIndexByte(last, ',')+1:]), "https")
}

func parsePeer(remoteAddr string) netip.Addr {
	ap, err := netip.ParseAddrPort(remoteAddr)
	if err != nil {
		return netip.Addr{}
	}
	return ap.Addr().Unmap().WithZone("")
}

func contains(list []netip.Prefix, a netip.Addr) bool {
	for _, p := range list {
		if p.Contains(a) {
			return true
		}
	}
	return false
}
