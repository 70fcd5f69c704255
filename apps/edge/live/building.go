package live

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/caddyserver/caddy/v2"
)

type jsonRaw = json.RawMessage

// build collects what was provisioned and what was refused. With a base, live entries that are neither
// built nor removed stay beside them: they are looked up, not gone through, so that an edit costs the
// same however many there are. Without one everything is built anew, and fallback is what a refused
// entry goes back to.
type build struct {
	ctx      caddy.Context
	fallback Set
	base     *table

	removedHosts, removedPools map[string]bool
	anyName                    bool // names of live hosts may be taken

	builtHosts map[string]*Host
	builtPools map[string]*Pool
	refusals   map[string]Refusal
}

func newBuild(ctx caddy.Context, fallback Set, base *table) *build {
	return &build{
		ctx: ctx, fallback: fallback, base: base,
		builtHosts: map[string]*Host{}, builtPools: map[string]*Pool{}, refusals: map[string]Refusal{},
	}
}

func (b *build) pools(set Set) {
	for _, id := range slices.Sorted(maps.Keys(set.Pools)) {
		p, err := buildPool(b.ctx, id, set.Pools[id])
		if err != nil {
			b.refusals["pool:"+id] = refusalOf(err)
			if raw, ok := b.fallback.Pools[id]; ok {
				p, err = buildPool(b.ctx, id, raw)
			}
		}
		if err == nil {
			b.builtPools[id] = p
		}
	}
}

func (b *build) hosts(set Set) {
	for _, id := range slices.Sorted(maps.Keys(set.Hosts)) {
		h, err := buildHost(b.ctx, id, set.Hosts[id], b.hasPool)
		if err != nil {
			b.refusals["host:"+id] = refusalOf(err)
			h = b.previous(id)
		}
		if h != nil {
			b.builtHosts[id] = h
		}
	}
}

// previous builds the version that is live now, when everything is built anew; nil when there is none.
func (b *build) previous(id string) *Host {
	raw, ok := b.fallback.Hosts[id]
	if !ok {
		return nil
	}
	h, err := buildHost(b.ctx, id, raw, b.hasPool)
	if err != nil {
		return nil
	}
	return h
}

// resolveNames refuses the second host of a name. A refused host goes back to its old names, which may
// clash in turn, so it repeats until nothing more is refused.
func (b *build) resolveNames() {
	for again := true; again; {
		again = false
		owner := map[string]string{}
		for _, id := range slices.Sorted(maps.Keys(b.builtHosts)) {
			if b.clash(id, owner) {
				again = true
				break
			}
		}
	}
}

// clash enters the host's names; at the first taken one it withdraws the host.
func (b *build) clash(id string, owner map[string]string) bool {
	h := b.builtHosts[id]
	for i, n := range h.Names {
		other := owner[n]
		if other == "" {
			other = b.stayingOwner(n)
		}
		if other == "" {
			owner[n] = id
			continue
		}
		h.Release()
		delete(b.builtHosts, id)
		if _, already := b.refusals["host:"+id]; !already {
			b.refusals["host:"+id] = Refusal{Message: fmt.Sprintf("%s belongs to host %s", n, other), Field: fmt.Sprintf("names[%d]", i)}
			if prev := b.previous(id); prev != nil {
				b.builtHosts[id] = prev
			}
		}
		return true
	}
	return false
}

// hasPool tells whether a host may name the pool.
func (b *build) hasPool(id string) bool {
	return b.builtPools[id] != nil || b.base != nil && b.base.hasPool(id) && !b.removedPools[id]
}

// stayingOwner returns the live host that keeps a name, "" when nobody does.
func (b *build) stayingOwner(name string) string {
	if b.base == nil || b.anyName {
		return ""
	}
	id := b.base.owner(name)
	if id == "" || b.builtHosts[id] != nil || b.removedHosts[id] {
		return ""
	}
	return id
}

func (b *build) discard() {
	for _, h := range b.builtHosts {
		h.Release()
	}
	for _, p := range b.builtPools {
		p.Release()
	}
}
