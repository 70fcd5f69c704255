package gate

import (
	"net/http"
	"strings"
	"unicode/utf8"
)

// ownPath is the gate's own, on every host that is not public.
const ownPath = "/_argos"

// canonicalPath returns the path that an application is bound to read as we do. It is not ok when two
// readers may differ on it (FA-11, F15): empty segments and those that end with a dot or a space, encoded
// slashes, backslashes, parameters, what is encoded twice, controls, bytes that are no UTF-8, characters that
// some fold into slashes or dots. decoded is the path decoded once; sent is how it came, where that differs.
func canonicalPath(decoded, sent string) (path string, ok bool) {
	if decoded == "" || decoded[0] != '/' {
		return "", false
	}
	ascii := true
	for i := range len(decoded) {
		switch c := decoded[i]; {
		case c == '\\', c == ';', c == '%', c == '?', c == '#', c < ' ', c == 0x7f:
			return "", false
		case c == '/' && i > 0 && looseEnd(decoded[i-1]):
			return "", false
		case c >= utf8.RuneSelf:
			ascii = false
		}
	}
	if last := decoded[len(decoded)-1]; last != '/' && looseEnd(last) || encodedSlash(sent) {
		return "", false
	}
	return decoded, ascii || plainRunes(decoded)
}

// looseEnd tells what makes a segment end so that some read another one: nothing, or what they trim.
func looseEnd(c byte) bool { return c == '/' || c == '.' || c == ' ' }

// plainRunes refuses what is no UTF-8, what compatibility forms turn into `/`, `\`, `.`, `;` or `%`, and what
// those who are blind to case take for an ASCII letter: the long s and the Kelvin sign.
func plainRunes(s string) bool {
	for _, r := range s {
		switch {
		case r == utf8.RuneError, r >= 0x80 && r <= 0x9f, r >= 0xff00 && r <= 0xff5e:
			return false
		case r == 0x17f, r == 0x212a, r >= 0x2024 && r <= 0x2026, r == 0x2044, r == 0x2215, r == 0x2216, r == 0x29f5, r == 0x29f8, r == 0x29f9, r >= 0xfe50 && r <= 0xfe6b:
			return false
		}
	}
	return true
}

func encodedSlash(sent string) bool {
	for i := strings.IndexByte(sent, '%'); i >= 0 && i+2 < len(sent); i++ {
		if sent[i] != '%' {
			continue
		}
		if code := strings.ToLower(sent[i+1 : i+3]); code == "2f" || code == "5c" {
			return true
		}
	}
	return false
}

// under tells whether a path is the prefix or below it; the prefix has no slash at its end.
func under(path, prefix string) bool {
	return strings.HasPrefix(path, prefix) && (len(path) == len(prefix) || path[len(prefix)] == '/')
}

// underFold is under, blind to the case of ASCII letters, as applications are that keep their files so. The
// prefix is in lower case.
func underFold(path, prefix string) bool {
	if len(path) < len(prefix) || len(path) > len(prefix) && path[len(prefix)] != '/' {
		return false
	}
	for i := range len(prefix) {
		c := path[i]
		if 'A' <= c && c <= 'Z' {
			c += 'a' - 'A'
		}
		if c != prefix[i] {
			return false
		}
	}
	return true
}

// pathOf is the canonical path of a request.
func pathOf(r *http.Request) (string, bool) { return canonicalPath(r.URL.Path, r.URL.RawPath) }

// ruling is what a request is judged by: one rule, or the host's and every one that is not public, where the
// path may be read in two ways: an exception may be stricter than the host.
type ruling struct {
	one  *rule
	all  []*rule
	path string
	ok   bool
}

func (p *Policy) ruling(r *http.Request) ruling {
	out := ruling{one: p.compiled}
	out.path, out.ok = pathOf(r)
	if len(p.paths) == 0 {
		return out
	}
	if out.ok {
		exact, folded := p.compiled, p.compiled
		for _, one := range p.paths {
			if len(one.prefix) > len(exact.prefix) && under(out.path, one.prefix) {
				exact = one
			}
			if len(one.prefix) > len(folded.prefix) && underFold(out.path, one.folded) {
				folded = one
			}
		}
		if out.one = exact; exact == folded {
			return out
		}
	}
	out.one, out.all, out.ok = p.compiled, p.closed, false
	return out
}

// judge by all that holds; the worst counts.
func (l *ruling) judge(f *facts, at here) verdict {
	worst := l.one.judge(f, at)
	for _, r := range l.all {
		worst = min(worst, r.judge(f, at))
	}
	return worst
}
