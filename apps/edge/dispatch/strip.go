package dispatch

import (
	"io"
	"net/http"
	"strings"
)

// claims are what a visitor may not say about itself, by normalised name. Some applications read `_`
// and `.` as `-`, so all spellings are one.
var claims = map[string]bool{
	"x-auth-user": true, "x-auth-email": true, "x-auth-name": true, "x-auth-groups": true, "x-auth-provider": true,
	"remote-user": true, "remote-email": true, "remote-name": true, "remote-groups": true,
	"forwarded": true, "x-real-ip": true, "x-client-ip": true, "x-cluster-client-ip": true,
	"true-client-ip": true, "cf-connecting-ip": true, "cf-connecting-ipv6": true, "fastly-client-ip": true,
	// Some applications take the path from these: one path would be judged, and another one served.
	"x-original-url": true, "x-original-uri": true, "x-original-host": true, "x-rewrite-url": true,
}

const longestClaim = 64

// strip takes claims out of the headers, and what would let a visitor take ours out later: a header named
// in Connection is hop-by-hop and the proxy drops it (FA-06), so those go now and the list is emptied.
func strip(r *http.Request) {
	if c := r.Header["Connection"]; len(c) > 0 {
		stripHopByHop(r.Header, c)
	}
	for name := range r.Header {
		if isClaim(name) {
			delete(r.Header, name)
		}
	}
	if r.Trailer != nil {
		r.Body = &trailerFilter{r.Body, r}
	}
}

func isClaim(name string) bool {
	// Most names end here: none of ours begins otherwise.
	if len(name) == 0 || len(name) > longestClaim {
		return len(name) > longestClaim && claimPrefix(strings.ToLower(name[:longestClaim]))
	}
	switch name[0] | 0x20 {
	case 'x', 'r', 'f', 't', 'c':
	default:
		return false
	}
	var room [longestClaim]byte
	n := room[:len(name)]
	for i := range len(name) {
		c := name[i]
		switch {
		case c == '_' || c == '.':
			c = '-'
		case 'A' <= c && c <= 'Z':
			c += 'a' - 'A'
		}
		n[i] = c
	}
	return claims[string(n)] || claimPrefix(string(n))
}

func claimPrefix(normal string) bool {
	return strings.HasPrefix(normal, "x-argos-") || strings.HasPrefix(normal, "x-forwarded-")
}

// Tokens of Connection that are no header names, or that the proxy needs.
var connectionTokens = map[string]bool{"upgrade": true, "close": true, "keep-alive": true, "te": true, "http2-settings": true, "transfer-encoding": true, "trailer": true}

func stripHopByHop(h http.Header, lines []string) {
	var keep []string
	for _, line := range lines {
		for token := range strings.SplitSeq(line, ",") {
			token = strings.TrimSpace(token)
			switch {
			case token == "":
			case connectionTokens[strings.ToLower(token)]:
				keep = append(keep, token)
			default:
				h.Del(token)
			}
		}
	}
	if len(keep) == 0 {
		delete(h, "Connection")
		return
	}
	h["Connection"] = []string{strings.Join(keep, ", ")}
}

// trailerFilter takes claims out of the trailers, which the server reads at the end of the body.
type trailerFilter struct {
	io.ReadCloser
	r *http.Request
}

func (t *trailerFilter) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	if err != nil {
		for name := range t.r.Trailer {
			if isClaim(name) {
				delete(t.r.Trailer, name)
			}
		}
	}
	return n, err
}
