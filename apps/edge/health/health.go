// Package health knows which targets answer. It probes each target of a pool once, however many hosts
// use the pool, and remembers what the proxy met on its way.
//
// It promises that a probe goes on undisturbed across reloads and swaps as long as the target and the
// way of probing stay the same; that probes are spread over their interval; that one failed probe is
// looked into again before a target is called down; that a target is tried again soon after it fell.
//
// State belongs to the process, keyed by pool and target; it is as large as the pools that are live.
package health

import (
	"context"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"argos/edge/dialguard"
)

// State of a target.
type State int32

// The states; Unknown counts as usable.
const (
	Unknown State = iota
	Up
	Down
)

func (s State) String() string { return [...]string{"unknown", "up", "down"}[s] }

// suspectFor is how long a target that could not be dialled is the last choice.
const suspectFor = 3 * time.Second

// Target is what is known about one target. Its methods may be called from anywhere.
type Target struct {
	state   atomic.Int32
	suspect atomic.Int64 // until, on the process's own clock

	mu        sync.Mutex
	since     time.Time
	checkedAt time.Time
	err       string

	kick chan struct{}      // brings the next probe forward
	stop context.CancelFunc // the running probe's; nil without one
	as   probe              // how it is being probed
}

// State as the probes see it.
func (t *Target) State() State { return State(t.state.Load()) }

// Suspect tells whether the proxy lately failed to reach the target.
func (t *Target) Suspect() bool {
	until := t.suspect.Load()
	return until != 0 && until > int64(time.Since(born))
}

// Failed is told by the proxy that the target could not be reached.
func (t *Target) Failed() {
	t.suspect.Store(int64(time.Since(born) + suspectFor))
	select {
	case t.kick <- struct{}{}:
	default:
	}
}

// Answered is told by the proxy that the target was reached.
func (t *Target) Answered() {
	if t.suspect.Load() != 0 {
		t.suspect.Store(0)
	}
}

// born makes monotonic times fit into an atomic.
var born = time.Now()

type pool map[string]*Target

var store = struct {
	sync.RWMutex
	pools map[string]pool
}{pools: map[string]pool{}}

// Spec says how the targets of one pool are probed.
type Spec struct {
	Kind     string // tcp, http or off
	Path     string // http only
	Interval time.Duration
	Timeout  time.Duration
	TLS      bool // http only: speak HTTPS
	Verify   bool // and mind the certificate
	Own      dialguard.Listeners
}

// Watch makes targets the pool's targets and probes them as spec says. Targets that are no longer there are forgotten.
func Watch(poolID string, targets []string, spec Spec) {
	store.Lock()
	defer store.Unlock()
	p := store.pools[poolID]
	if p == nil {
		p = pool{}
		store.pools[poolID] = p
	}
	for dial, t := range p {
		if !slices.Contains(targets, dial) {
			t.halt()
			delete(p, dial)
		}
	}
	for _, dial := range targets {
		t := p[dial]
		if t == nil {
			t = newTarget()
			p[dial] = t
		}
		t.probeAs(newProbe(dial, spec))
	}
}

// Forget stops the probes of a pool and drops what was known.
func Forget(poolID string) {
	store.Lock()
	defer store.Unlock()
	for _, t := range store.pools[poolID] {
		t.halt()
	}
	delete(store.pools, poolID)
}

// Of returns what is known about a pool's target; nil when the pool is not watched with it.
func Of(poolID, dial string) *Target {
	store.RLock()
	defer store.RUnlock()
	return store.pools[poolID][dial]
}

// Report is a target's state for people; times in milliseconds since 1970, null when there is none.
type Report struct {
	State     string  `json:"state"`
	Since     *int64  `json:"since"`
	CheckedAt *int64  `json:"checked_at"`
	Error     *string `json:"error"`
}

// Snapshot reports every target of every pool, by pool id and dial address.
func Snapshot() map[string]map[string]Report {
	store.RLock()
	defer store.RUnlock()
	out := make(map[string]map[string]Report, len(store.pools))
	for id, p := range store.pools {
		m := make(map[string]Report, len(p))
		for dial, t := range maps.All(p) {
			m[dial] = t.report()
		}
		out[id] = m
	}
	return out
}

func (t *Target) report() Report {
	t.mu.Lock()
	defer t.mu.Unlock()
	r := Report{State: t.State().String(), Since: millis(t.since), CheckedAt: millis(t.checkedAt)}
	if t.err != "" {
		err := t.err
		r.Error = &err
	}
	return r
}

func millis(t time.Time) *int64 {
	if t.IsZero() {
		return nil
	}
	ms := t.UnixMilli()
	return &ms
}
