package requests

import (
	"encoding/base64"
	"net/http"
	"strings"
)

// TokenPrefix begins all tokens that are ours, which tells them from an application's own.
const TokenPrefix = "argos_"

// TokenHeader carries a token where an application wants Authorization for itself.
const TokenHeader = "X-Argos-Token"

// The ways in which a credential is shown.
const (
	ByCookie = "cookie"
	ByGuest  = "guest"
	ByBasic  = "basic"
	ByBearer = "bearer"
	ByHeader = "header"
)

// GuestPrefix begins the gate's cookie of a guest; a session's begins otherwise.
const GuestPrefix = "g."

const (
	sessionToken  = 43 // 256 bits in base64url
	shortestToken = len(TokenPrefix) + 16
	longestToken  = 256
	longestUser   = 128
)

// Credential is what a visitor shows to the gate: a secret.
type Credential struct {
	By, Secret string
	User       string // with Basic
}

// Credential returns the one credential of a request, the token of an application before a cookie. What
// was shown twice is none (FA-02): who put the second one there is not known. Nor is one that cannot be
// ours by its form (FA-01).
func (r *Record) Credential() (c Credential, ok bool) {
	if r.Twice {
		return c, false
	}
	if r.token.By != "" {
		return r.token, wellFormed(r.token)
	}
	seen := false
	for _, one := range r.Cookies {
		if !strings.EqualFold(one.Name, GateCookie) {
			continue
		}
		if seen {
			r.Twice = true
			return Credential{}, false
		}
		seen = true
		if one.Name == GateCookie {
			c = Credential{By: ByCookie, Secret: one.Value}
			if guest, is := strings.CutPrefix(one.Value, GuestPrefix); is {
				c = Credential{By: ByGuest, Secret: guest}
			}
		}
	}
	return c, IsSessionToken(c.Secret)
}

// Nonce is the value of the state cookie; "" unless there is exactly one.
func (r *Record) Nonce() string {
	nonce, seen := "", false
	for _, one := range r.Cookies {
		if strings.EqualFold(one.Name, StateCookie) {
			if seen {
				return ""
			}
			nonce, seen = one.Value, true
		}
	}
	if !IsSessionToken(nonce) {
		return ""
	}
	return nonce
}

// IsSessionToken tells the form of 256 random bits: 43 characters of base64url.
func IsSessionToken(s string) bool { return len(s) == sessionToken && urlSafe(s) }

func wellFormed(c Credential) bool {
	return len(c.Secret) >= shortestToken && len(c.Secret) <= longestToken && urlSafe(c.Secret) && len(c.User) <= longestUser
}

func urlSafe(s string) bool {
	for i := range len(s) {
		c := s[i]
		if (c|0x20 < 'a' || c|0x20 > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}

// LiftTokens takes our tokens out of the headers into the record. An application's own Authorization stays.
func (r *Record) LiftTokens(h http.Header) {
	if lines, ok := h[TokenHeader]; ok {
		delete(h, TokenHeader)
		for _, line := range lines {
			r.lift(Credential{By: ByHeader, Secret: strings.TrimSpace(line)})
		}
	}
	lines := h["Authorization"]
	if len(lines) == 0 {
		return
	}
	kept := lines[:0:0]
	for _, line := range lines {
		if c, ours := tokenIn(line); ours {
			r.lift(c)
		} else {
			kept = append(kept, line)
		}
	}
	switch {
	case len(kept) == 0:
		delete(h, "Authorization")
	case len(kept) < len(lines): // ours beside one of somebody else's
		h["Authorization"] = kept
		r.Twice = true
	}
}

func (r *Record) lift(c Credential) {
	if r.token.By != "" {
		r.Twice = true
	}
	r.token = c
}

// tokenIn reads ours out of a line of Authorization.
func tokenIn(line string) (c Credential, ours bool) {
	scheme, rest, _ := strings.Cut(strings.TrimSpace(line), " ")
	rest = strings.TrimSpace(rest)
	switch {
	case strings.EqualFold(scheme, "Bearer"):
		return Credential{By: ByBearer, Secret: rest}, strings.HasPrefix(rest, TokenPrefix)
	case strings.EqualFold(scheme, "Basic"):
		pair, err := base64.RawStdEncoding.DecodeString(strings.TrimRight(rest, "="))
		if err != nil {
			if pair, err = base64.RawURLEncoding.DecodeString(strings.TrimRight(rest, "=")); err != nil {
				return c, false
			}
		}
		user, password, _ := strings.Cut(string(pair), ":")
		return Credential{By: ByBasic, User: user, Secret: password}, strings.HasPrefix(password, TokenPrefix)
	}
	return c, false
}
