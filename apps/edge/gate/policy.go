package gate

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"strings"
	"time"
	_ "time/tzdata" // zones are known on machines without a database of them, too
)

// The kinds of policy.
const (
	public = "public"
	rules  = "rules"
)

// Bounds of what a policy may hold.
const (
	maxClauses = 200
	maxPaths   = 200
	maxListed  = 2000
	maxFactor  = 366 * 24 * time.Hour
)

// Policy is a compiled access policy.
type Policy struct {
	// public: everybody. rules: whoever meets one of the clauses in `any`.
	Kind string `json:"kind"`
	// The policy's id, for the log.
	ID string `json:"id,omitempty"`
	// Ways in; none: nobody passes.
	Any []Clause `json:"any,omitempty"`
	// Paths with a policy of their own, each for itself and all below it. Default: none.
	Paths []PathPolicy `json:"paths,omitempty"`

	compiled *rule
	paths    []*rule
	closed   []*rule // those paths that are not public
}

// PathPolicy is what holds below a prefix, instead of what holds for the host.
type PathPolicy struct {
	// A canonical path.
	Prefix string `json:"prefix"`
	// public, or rules. Default: rules.
	Kind string `json:"kind,omitempty"`
	// The policy's id, for the log.
	ID string `json:"id,omitempty"`
	// Ways in; none: nobody passes.
	Any []Clause `json:"any,omitempty"`
}

// Clause is one way in: all its parts must be met, and one without parts lets everybody pass.
type Clause struct {
	// Somebody who has signed in. Default: false.
	Person bool `json:"person,omitempty"`
	// One of these people, or of these groups. Default: any.
	People []string `json:"people,omitempty"`
	// See people.
	Groups []string `json:"groups,omitempty"`
	// From one of these networks, in CIDR notation. Default: from anywhere.
	Networks []string `json:"networks,omitempty"`
	// In one of these windows. Default: at any time.
	Times []Window `json:"times,omitempty"`
	// With a second factor given at most so many seconds ago. Default: without.
	FactorS int64 `json:"factor_s,omitempty"`
}

// Window is a time of the day, on some days of the week.
type Window struct {
	// The days on which it begins, 0 is Sunday.
	Days []int `json:"days"`
	// As in 08:00.
	From string `json:"from"`
	// As in 18:00, at most 24:00; one before `from` is of the next day.
	To string `json:"to"`
	// As in Europe/Berlin.
	Zone string `json:"zone"`
}

// compile checks a policy and makes what requests are judged by.
func (p *Policy) compile() error {
	switch p.Kind {
	case public:
		if p.Any != nil || p.Paths != nil {
			return errors.New("policy.kind: a public policy has no rules")
		}
		return nil
	case rules:
	case "":
		return errors.New("policy.kind: a policy needs a kind")
	default:
		return fmt.Errorf("policy.kind: %q is not known to this edge", p.Kind)
	}
	var err error
	if p.compiled, err = newRule("policy", "", p.ID, p.Any); err != nil {
		return err
	}
	if len(p.Paths) > maxPaths {
		return fmt.Errorf("policy.paths: more than %d", maxPaths)
	}
	seen := map[string]bool{}
	for i, path := range p.Paths {
		at := fmt.Sprintf("policy.paths[%d]", i)
		prefix := strings.TrimSuffix(path.Prefix, "/")
		if view, ok := canonicalPath(path.Prefix, ""); !ok || prefix == "" || view != path.Prefix {
			return fmt.Errorf("%s.prefix: %q is not a canonical path", at, path.Prefix)
		}
		if under(strings.ToLower(prefix), ownPath) {
			return fmt.Errorf("%s.prefix: %s belongs to the gate itself", at, ownPath)
		}
		if seen[strings.ToLower(prefix)] {
			return fmt.Errorf("%s.prefix: %s is there twice", at, prefix)
		}
		seen[strings.ToLower(prefix)] = true
		ways := path.Any
		switch path.Kind {
		case public:
			if ways != nil {
				return fmt.Errorf("%s.kind: a public path has no rules", at)
			}
			ways = []Clause{{}}
		case rules, "":
		default:
			return fmt.Errorf("%s.kind: %q is not known to this edge", at, path.Kind)
		}
		r, err := newRule(at, prefix, path.ID, ways)
		if err != nil {
			return err
		}
		if path.Kind == public {
			r.id = public
		} else {
			p.closed = append(p.closed, r)
		}
		p.paths = append(p.paths, r)
	}
	return nil
}

// UnmarshalJSON refuses what it does not know: a part that is overlooked would let more people in.
func (p *Policy) UnmarshalJSON(raw []byte) error {
	type plain Policy
	return strict(raw, (*plain)(p))
}

func strict(raw []byte, into any) error {
	dec := json.NewDecoder(strings.NewReader(string(raw)))
	dec.DisallowUnknownFields()
	return dec.Decode(into)
}

func networksOf(at string, list []string) ([]netip.Prefix, error) {
	var out []netip.Prefix
	for i, s := range list {
		n, err := netip.ParsePrefix(s)
		if err != nil || n.Addr().Is4In6() {
			return nil, fmt.Errorf("%s.networks[%d]: %q is not a network", at, i, s)
		}
		out = append(out, n.Masked())
	}
	return out, nil
}
