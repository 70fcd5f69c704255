package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"github.com/caddyserver/caddy/v2"

	"argos/edge/live"
	"argos/edge/state"
)

// change is the body of POST /argos/swap: what is new or different; null removes.
type change struct {
	// Number of the panel's last change that is in here.
	Generation int64 `json:"generation"`
	// Hosts by id. Default: none.
	Hosts map[string]json.RawMessage `json:"hosts"`
	// Pools by id. Default: none.
	Pools map[string]json.RawMessage `json:"pools"`
	terms
}

func (c *core) swap(want change, ifMatch string) (*changed, error) {
	if err := checkIDs("host", want.Hosts); err != nil {
		return nil, failure(http.StatusBadRequest, err)
	}
	if err := errors.Join(checkIDs("pool", want.Pools), want.terms.check()); err != nil {
		return nil, failure(http.StatusBadRequest, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.now.Load()
	if err := c.mayChange(before, ifMatch, true); err != nil {
		return nil, err
	}
	if err := want.mayHold(before); err != nil {
		return nil, err
	}
	return c.change(before, want)
}

// change puts what differs into the live table and keeps it: each entry alone, or with a limited time all or none. It is
// called under mu.
func (c *core) change(before *served, want change) (*changed, error) {
	if want.Confirm != nil {
		set, removedHosts, removedPools := want.brings(before)
		if refused := live.Try(caddy.ActiveContext(), set, removedHosts, removedPools); len(refused) > 0 {
			return nil, notWhole(refused)
		}
	}
	failures := c.failed()
	next, edit, refused := c.put(before, want)
	if want.Confirm != nil && len(refused) > 0 {
		return nil, c.undone(*want.Confirm, before, next, edit, refused, failures)
	}
	return c.settle(want.terms, before, next, edit, refused, failures)
}

// put makes live what differs, each entry alone. The edit is nil when there is nothing to save.
func (c *core) put(before *served, want change) (*served, *state.Edit, map[string]live.Refusal) {
	next := *before
	next.generation = max(before.generation, want.Generation)
	set := live.Set{}
	hosts := differing(before.hosts, want.Hosts, want.Generation)
	pools := differing(before.pools, want.Pools, want.Generation)
	var removedHosts, removedPools []string
	set.Hosts, removedHosts = split(hosts)
	set.Pools, removedPools = split(pools)

	refused := map[string]live.Refusal{}
	if len(hosts)+len(pools) > 0 {
		refused = live.Swap(caddy.ActiveContext(), set, removedHosts, removedPools)
		swaps.Inc()
	}
	withoutRefused(host, hosts, refused)
	withoutRefused(pool, pools, refused)
	if len(hosts)+len(pools) > 0 {
		next.marks.Origin = want.Origin
	}
	next.hosts, next.pools = before.hosts.with(hosts), before.pools.with(pools)
	c.remember(touched(want), refused)
	c.now.Store(next.seal())
	if len(hosts) > 0 {
		c.certificates.manageOf(slices.Collect(maps.Keys(set.Hosts)))
	}
	if len(hosts)+len(pools) == 0 && next.generation == before.generation {
		return &next, nil, refused
	}
	edit := &state.Edit{Generation: next.generation, Marks: next.marks, Hosts: asSaved(hosts), Pools: asSaved(pools)}
	return &next, edit, refused
}

// brings is what of it would be new or different, and what would be gone.
func (want change) brings(before *served) (set live.Set, removedHosts, removedPools []string) {
	set.Hosts, removedHosts = split(differing(before.hosts, want.Hosts, want.Generation))
	set.Pools, removedPools = split(differing(before.pools, want.Pools, want.Generation))
	return set, removedHosts, removedPools
}

// settle saves what went live, or holds it for a limited time. A nil edit of a swap says that there is nothing to save;
// after a load everything is saved. The failures are those before the change, for its way back.
func (c *core) settle(
	on terms, before, next *served, edit *state.Edit, refused map[string]live.Refusal, failures map[string]string,
) (*changed, error) {
	loaded := before.baseHash != next.baseHash
	if on.Confirm != nil {
		c.hold(*on.Confirm, before, next, edit, failures)
	} else if loaded || edit != nil || c.unsaved.Load() {
		if err := c.save(next, edit); err != nil {
			return nil, &refusal{status: http.StatusInternalServerError, err: err, etag: next.etag}
		}
	}
	return &changed{Etag: next.etag, Generation: next.generation, Refused: refused}, nil
}

// differing leaves out what is served already; nil means remove.
func differing(before *objects, want map[string]json.RawMessage, generation int64) map[string]*object {
	out := map[string]*object{}
	for id, raw := range want {
		old, there := before.get(id)
		switch {
		case removes(raw):
			if there {
				out[id] = nil
			}
		default:
			if o := newObject(raw, generation); !there || old.hash != o.hash {
				out[id] = &o
			}
		}
	}
	return out
}

func removes(raw json.RawMessage) bool { return raw == nil || bytes.Equal(raw, []byte("null")) }

func split(objects map[string]*object) (set map[string]json.RawMessage, removed []string) {
	set = map[string]json.RawMessage{}
	for id, o := range objects {
		if o == nil {
			removed = append(removed, id)
		} else {
			set[id] = o.raw
		}
	}
	return set, removed
}

func withoutRefused(kind string, wanted map[string]*object, refused map[string]live.Refusal) {
	maps.DeleteFunc(wanted, func(id string, _ *object) bool {
		_, no := refused[kind+":"+id]
		return no
	})
}

func asSaved(objects map[string]*object) map[string]*state.Object {
	saved := make(map[string]*state.Object, len(objects))
	for id, o := range objects {
		if o == nil {
			saved[id] = nil
		} else {
			saved[id] = &state.Object{Raw: o.raw, Generation: o.generation}
		}
	}
	return saved
}

func touched(want change) []string {
	names := make([]string, 0, len(want.Hosts)+len(want.Pools))
	for id := range want.Hosts {
		names = append(names, "host:"+id)
	}
	for id := range want.Pools {
		names = append(names, "pool:"+id)
	}
	return names
}

// validate provisions hosts and pools beside what is live and throws them away.
func (c *core) validate(set live.Set) (map[string]live.Refusal, error) {
	if err := checkIDs("host", set.Hosts); err != nil {
		return nil, failure(http.StatusBadRequest, err)
	}
	if err := checkIDs("pool", set.Pools); err != nil {
		return nil, failure(http.StatusBadRequest, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now.Load() == nil {
		return nil, failure(http.StatusConflict, errNoBase)
	}
	return live.Validate(caddy.ActiveContext(), set), nil
}

// mayChange is asked under mu, so nothing changes between the answer and the change.
func (c *core) mayChange(now *served, ifMatch string, needsBase bool) error {
	if c.closing.Load() {
		return failure(http.StatusServiceUnavailable, errClosing)
	}
	if waits := c.pending.Load(); waits != nil {
		return &refusal{status: http.StatusLocked, err: errWaits, pending: waits.view()}
	}
	if now == nil && needsBase {
		return failure(http.StatusConflict, errNoBase)
	}
	if ifMatch == "" && needsBase {
		return failure(http.StatusPreconditionRequired, errNoMatch)
	}
	if etag := etagOf(now); ifMatch != "" && ifMatch != "*" && ifMatch != etag {
		return &refusal{status: http.StatusPreconditionFailed, err: errStale, etag: etag}
	}
	return nil
}

// etagOf what is served; before the first base that is nothing, which has an etag too.
func etagOf(now *served) string {
	if now == nil {
		return nothing().etag
	}
	return now.etag
}

// quote is how an etag stands in a header (RFC 9110, 8.8.3).
func quote(etag string) string { return fmt.Sprintf("%q", etag) }
