package requests

import (
	"net/http"
	"strings"
)

// The cookies that are ours: the gate's two, and the panel's over TLS and over plain HTTP.
const (
	GateCookie       = "__Host-argos"
	StateCookie      = "__Host-argos-state"
	PanelCookie      = "__Host-panel"
	PanelPlainCookie = "argos-panel-plain"
)

// IsOurCookie tells our names, in any case: browsers hold `__HOST-x` to the rules of `__Host-x` too.
func IsOurCookie(name string) bool {
	switch len(name) {
	case len(GateCookie): // and PanelCookie
		return strings.EqualFold(name, GateCookie) || strings.EqualFold(name, PanelCookie)
	case len(PanelPlainCookie):
		return strings.EqualFold(name, PanelPlainCookie)
	case len(StateCookie):
		return strings.EqualFold(name, StateCookie)
	}
	return false
}

func isGateCookie(name string) bool {
	return strings.EqualFold(name, GateCookie) || strings.EqualFold(name, StateCookie)
}

// LiftCookies takes our cookies out of the headers into the record; all others stay as they are and
// in their order. The panel's own pages get the panel's cookies.
func (r *Record) LiftCookies(h http.Header, forPanel bool) {
	lines := h["Cookie"]
	if len(lines) == 0 || !mentionsOurs(lines) {
		return
	}
	kept := make([]string, 0, len(lines))
	for _, line := range lines {
		var left []string
		for part := range strings.SplitSeq(line, ";") {
			part = strings.TrimSpace(part)
			name, value, _ := strings.Cut(part, "=")
			name = strings.TrimSpace(name)
			switch {
			case part == "":
			case !IsOurCookie(name), forPanel && !isGateCookie(name):
				left = append(left, part)
			default:
				r.Cookies = append(r.Cookies, Cookie{Name: name, Value: value})
			}
		}
		if len(left) > 0 {
			kept = append(kept, strings.Join(left, "; "))
		}
	}
	if len(kept) == 0 {
		delete(h, "Cookie")
		return
	}
	h["Cookie"] = kept
}

// mentionsOurs is the quick look that most requests pass.
func mentionsOurs(lines []string) bool {
	for _, l := range lines {
		if containsFold(l, "__host-") || containsFold(l, "argos-panel") {
			return true
		}
	}
	return false
}

func containsFold(s, lower string) bool {
	for i := 0; i+len(lower) <= len(s); i++ {
		if s[i]|0x20 == lower[0]|0x20 && strings.EqualFold(s[i:i+len(lower)], lower) {
			return true
		}
	}
	return false
}
