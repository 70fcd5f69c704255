package gate

import (
	"fmt"
	"net/netip"
	"strings"
	"time"
)

// rule is one compiled policy: the host's, or that of a path.
type rule struct {
	prefix  string // without a slash at its end; "" is the whole host
	folded  string // in lower case
	id      string
	clauses []clause
}

type clause struct {
	person   bool // somebody, or one of these
	people   map[string]bool
	groups   map[string]bool
	networks []netip.Prefix
	windows  []window
	factor   time.Duration
}

func newRule(at, prefix, id string, ways []Clause) (*rule, error) {
	if len(ways) > maxClauses {
		return nil, fmt.Errorf("%s.any: more than %d", at, maxClauses)
	}
	r := &rule{prefix: prefix, folded: strings.ToLower(prefix), id: id}
	for i, c := range ways {
		compiled, err := newClause(fmt.Sprintf("%s.any[%d]", at, i), c)
		if err != nil {
			return nil, err
		}
		r.clauses = append(r.clauses, compiled)
	}
	return r, nil
}

func newClause(at string, c Clause) (out clause, err error) {
	if len(c.People)+len(c.Groups)+len(c.Networks)+len(c.Times) > maxListed {
		return out, fmt.Errorf("%s: lists more than %d", at, maxListed)
	}
	// A list that is there and empty lists nobody; read as "any" it would open the clause.
	if c.People != nil && len(c.People)+len(c.Groups) == 0 || c.Groups != nil && len(c.Groups)+len(c.People) == 0 {
		return out, fmt.Errorf("%s.people: lists nobody", at)
	}
	if c.Networks != nil && len(c.Networks) == 0 {
		return out, fmt.Errorf("%s.networks: lists none", at)
	}
	if c.Times != nil && len(c.Times) == 0 {
		return out, fmt.Errorf("%s.times: lists none", at)
	}
	out.factor = time.Duration(c.FactorS) * time.Second
	if c.FactorS < 0 || c.FactorS > int64(maxFactor/time.Second) {
		return out, fmt.Errorf("%s.factor_s: 1 to %d", at, maxFactor/time.Second)
	}
	out.person = c.Person || len(c.People)+len(c.Groups) > 0 || c.FactorS > 0
	out.people, out.groups = setOf(c.People), setOf(c.Groups)
	if out.networks, err = networksOf(at, c.Networks); err != nil {
		return out, err
	}
	for i, t := range c.Times {
		w, err := newWindow(t)
		if err != nil {
			return out, fmt.Errorf("%s.times[%d]: %w", at, i, err)
		}
		out.windows = append(out.windows, w)
	}
	return out, nil
}

func setOf(ids []string) map[string]bool {
	if len(ids) == 0 {
		return nil
	}
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// here is where and when a request is made.
type here struct {
	client netip.Addr
	now    time.Time
}

// reached tells whether place and time are right.
func (c *clause) reached(at here) bool {
	return (len(c.networks) == 0 || within(c.networks, at.client)) && (len(c.windows) == 0 || isOpen(c.windows, at.now))
}

func within(networks []netip.Prefix, a netip.Addr) bool {
	for _, n := range networks {
		if n.Contains(a) {
			return true
		}
	}
	return false
}

func isOpen(windows []window, now time.Time) bool {
	for i := range windows {
		if windows[i].open(now) {
			return true
		}
	}
	return false
}

// verdict on a request: the better, the further it gets somebody.
type verdict int

const (
	denied verdict = iota
	signIn
	factorTooOld
	passes
)

// judge somebody, nil for a stranger; the best clause counts.
func (r *rule) judge(f *facts, at here) verdict {
	best := denied
	for i := range r.clauses {
		c := &r.clauses[i]
		if !c.reached(at) {
			continue
		}
		switch {
		case !c.person:
			return passes
		case f == nil:
			best = max(best, signIn)
		case !c.means(f, r.prefix):
		case c.factor == 0 || f.factorWithin(c.factor, at.now):
			return passes
		case f.source == sourceSession: // others cannot give one
			best = factorTooOld
		}
	}
	return best
}

// means tells whether the facts are of one whom the clause is for. A guest of the host is one whom the host's
// own clauses are for, as the link says so; a path with a policy of its own is for those it names.
func (c *clause) means(f *facts, prefix string) bool {
	if f.source == sourceGuest {
		return prefix == ""
	}
	if len(c.people)+len(c.groups) == 0 || c.people[f.who.Person] {
		return true
	}
	for _, g := range f.groups {
		if c.groups[g] {
			return true
		}
	}
	return false
}
