package pools

import (
	"context"
	"math/rand/v2"
	"net/http"
	"slices"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"

	"argos/edge/health"
	"argos/edge/requests"
)

// attempts is what one request has tried. Only the goroutine of the handler touches it: Caddy's variables
// would race with a dial that an earlier attempt left behind.
type attempts struct {
	tried     []string
	host      bool           // send the target's own name as Host
	chosen    *health.Target // of the running attempt; nil when nobody watches
	dialFail  bool           // the running attempt did not get through to its target
	exhausted bool           // nobody was left to choose
}

type attemptsKey struct{}

func withAttempts(ctx context.Context, a *attempts) context.Context {
	return context.WithValue(ctx, attemptsKey{}, a)
}

func attemptsOf(r *http.Request) *attempts {
	a, _ := r.Context().Value(attemptsKey{}).(*attempts)
	if a == nil {
		a = new(attempts)
	}
	return a
}

// targets is the upstream source and the selection policy in one: the source chooses, the policy takes it.
type targets struct {
	pool string
	list []Target
}

func newTargets(pool string, list []Target) *targets { return &targets{pool: pool, list: list} }

// GetUpstreams returns the target of the next attempt, or none; Caddy asks again before each. An error
// would make it fall back to its static list. Upstreams are fresh, as Caddy writes into them.
func (t *targets) GetUpstreams(r *http.Request) ([]*reverseproxy.Upstream, error) {
	a := attemptsOf(r)
	a.dialFail = false
	i, state := t.choose(a.tried)
	a.exhausted = i < 0
	if i < 0 {
		return nil, nil
	}
	dial := t.list[i].Dial
	a.tried = append(a.tried, dial)
	a.chosen = state
	if rec := requests.From(r.Context()); rec != nil {
		rec.Target = dial
	}
	return []*reverseproxy.Upstream{{Dial: dial}}, nil
}

// Select takes what GetUpstreams chose.
func (t *targets) Select(pool reverseproxy.UpstreamPool, _ *http.Request, _ http.ResponseWriter) *reverseproxy.Upstream {
	if len(pool) == 0 {
		return nil
	}
	return pool[0]
}

// choose picks by weight among the targets that are not down and were not tried; those that lately
// could not be reached only when there is no other.
func (t *targets) choose(tried []string) (index int, state *health.Target) {
	var room [16]*health.Target // no allocation for pools of the usual size
	states := room[:0]
	good, all := 0, 0
	for _, target := range t.list {
		s := health.Of(t.pool, target.Dial)
		states = append(states, s)
		if !usable(s, target.Dial, tried) {
			continue
		}
		all += target.Weight
		if s == nil || !s.Suspect() {
			good += target.Weight
		}
	}
	if all == 0 {
		return -1, nil
	}
	onlyGood := good > 0
	n := rand.IntN(max(all, 1))
	if onlyGood {
		n = rand.IntN(good)
	}
	for i, target := range t.list {
		s := states[i]
		if !usable(s, target.Dial, tried) || onlyGood && s != nil && s.Suspect() {
			continue
		}
		if n -= target.Weight; n < 0 {
			return i, s
		}
	}
	return t.lastUsable(states, tried) // a state changed in between
}

func (t *targets) lastUsable(states []*health.Target, tried []string) (int, *health.Target) {
	for i, target := range t.list {
		if !slices.Contains(tried, target.Dial) {
			return i, states[i]
		}
	}
	return -1, nil
}

func usable(s *health.Target, dial string, tried []string) bool {
	return (s == nil || s.State() != health.Down) && !slices.Contains(tried, dial)
}

// retry decides whether a failed attempt may be repeated: always when its target was not reached, as then
// it cannot have seen the request; else only requests that change nothing and carry nothing.
type retry struct{}

// MatchWithError is asked after each failed attempt.
func (retry) MatchWithError(r *http.Request) (bool, error) {
	if r.Context().Err() != nil {
		return false, nil
	}
	if attemptsOf(r).dialFail {
		return true, nil
	}
	safe := r.Method == http.MethodGet || r.Method == http.MethodHead || r.Method == http.MethodOptions
	return safe && r.ContentLength == 0 && r.Header.Get("Upgrade") == "", nil
}
