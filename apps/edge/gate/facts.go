package gate

import (
	"errors"
	"slices"
	"strings"
	"time"
	"unicode"

	"argos/edge/requests"
)

// keepFor is how long facts are gone by after they were asked for.
const keepFor = 30 * time.Second

// The kinds of facts.
const (
	sourceSession = "session"
	sourceApp     = "app"
	sourceGuest   = "guest"
)

// said is what the panel says a credential stands for. What it has beyond that is let be: more facts let
// nobody in.
type said struct {
	Session string `json:"session"`
	Person  *struct {
		ID       string   `json:"id"`
		Username string   `json:"username"`
		Name     string   `json:"name"`
		Email    string   `json:"email"`
		Groups   []string `json:"groups"`
		Provider string   `json:"provider"`
	} `json:"person"`
	Groups   []string `json:"groups"`
	FactorAt *int64   `json:"factor_at"`
	Paths    []string `json:"paths"`
	Until    int64    `json:"until"`
	JWT      string   `json:"jwt"`
	Source   string   `json:"source"`
}

// facts are what is known of a credential at a host; immutable.
type facts struct {
	who      requests.Identity
	source   string
	groups   []string
	paths    []string // nil: all of the host
	factorAt time.Time
	deadline time.Time // when they must be asked for again
	until    time.Time // when the credential ends by itself

	names, values []string // the identity headers that have something to say
	assertion     string
}

// read checks what was said and makes facts of it.
func (s *said) read(k key, asked, now time.Time) (*facts, error) {
	if s.Session == "" {
		return nil, errors.New("facts without a session")
	}
	switch {
	case s.Source == sourceGuest:
		s.Person = nil
	case s.Source != sourceSession && s.Source != sourceApp:
		return nil, errors.New("facts of an unknown source")
	case s.Person == nil || s.Person.ID == "" || s.Person.Username == "":
		return nil, errors.New("facts without a person")
	}
	f := &facts{
		who:    requests.Identity{Session: s.Session, Host: k.host, Credential: k.hex()},
		source: s.Source, groups: s.Groups, until: time.UnixMilli(s.Until), assertion: clean(s.JWT),
	}
	if s.Paths != nil {
		f.paths = []string{}
		for _, p := range s.Paths {
			f.paths = append(f.paths, strings.TrimSuffix(p, "/"))
		}
	}
	if s.FactorAt != nil {
		f.factorAt = time.UnixMilli(*s.FactorAt)
	}
	// By the monotonic clock from here on: setting the wall clock back prolongs nothing.
	f.deadline = asked.Add(keepFor)
	if end := now.Add(f.until.Sub(now)); end.Before(f.deadline) {
		f.deadline = end
	}
	if s.Person != nil {
		f.who.Person = s.Person.ID
		f.identify(s)
	}
	return f, nil
}

// identify makes the headers. What is empty is not said at all (FA-03).
func (f *facts) identify(s *said) {
	p := s.Person
	groups := slices.Clone(p.Groups)
	for i, g := range groups {
		groups[i] = strings.Map(noList, clean(g))
	}
	groups = slices.DeleteFunc(groups, func(g string) bool { return g == "" })
	list := strings.Join(groups, ",")
	for _, h := range [...]struct{ name, value string }{
		{"Remote-User", p.Username}, {"X-Auth-User", p.Username},
		{"Remote-Name", p.Name}, {"X-Auth-Name", p.Name},
		{"Remote-Email", p.Email}, {"X-Auth-Email", p.Email},
		{"Remote-Groups", list}, {"X-Auth-Groups", list},
		{"X-Auth-Provider", p.Provider},
	} {
		if v := clean(h.value); v != "" {
			f.names, f.values = append(f.names, h.name), append(f.values, v)
		}
	}
}

// clean makes a text fit for a header: no controls, no half characters.
func clean(s string) string {
	return strings.TrimSpace(strings.Map(func(r rune) rune {
		if unicode.IsControl(r) {
			return -1
		}
		return r
	}, strings.ToValidUTF8(s, "")))
}

// noList keeps a group's name from reading as two.
func noList(r rune) rune {
	if r == ',' || r == ';' || r == '|' {
		return '_'
	}
	return r
}

// factorWithin tells whether a second factor was given lately.
func (f *facts) factorWithin(d time.Duration, now time.Time) bool {
	if f.factorAt.IsZero() {
		return false
	}
	age := now.Sub(f.factorAt)
	return age <= d && age > -time.Minute
}

// covers tells whether the credential is good for a path.
func (f *facts) covers(path string, clear bool) bool {
	if f.paths == nil {
		return true
	}
	return clear && slices.ContainsFunc(f.paths, func(p string) bool { return under(path, p) })
}
