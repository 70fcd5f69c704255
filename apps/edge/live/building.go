package live

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"github.com/caddyserver/caddy/v2"
)

type jsonRaw = json.RawMessage

// build collects what was provisioned and what was refused. The staying entries are live and are not
// in the set; fallback is what a refused entry goes back to when everything is built anew.
type build struct {
	ctx      caddy.Context
	fallback Set
	staying  map[string]*Host
	havePool map[string]*Pool

	builtHosts map[string]*Host
	builtPools map[string]*Pool
	refusals   map[string]Refusal
}

func newBuild(ctx caddy.Context, fallback Set, hosts map[string]*Host, pools map[string]*Pool) *build {
	return &build{
		ctx: ctx, fallback: fallback, staying: hosts, havePool: pools,
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
	has := func(id string) bool { return b.builtPools[id] != nil || b.havePool[id] != nil }
	for _, id := range slices.Sorted(maps.Keys(set.Hosts)) {
		h, err := buildHost(b.ctx, id, set.Hosts[id], has)
		if err != nil {
			b.refusals["host:"+id] = refusalOf(err)
			h = b.previous(id, has)
		}
		if h != nil {
			b.builtHosts[id] = h
		}
	}
}

// previous builds the version that is live now, when everything is built anew; nil when there is none.
func (b *build) previous(id string, has func(string) bool) *Host {
	raw, ok := b.fallback.Hosts[id]
	if !ok {
		return nil
	}
	h, err := buildHost(b.ctx, id, raw, has)
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
		for id, h := range b.staying {
			if b.builtHosts[id] == nil {
				for _, n := range h.Names {
					owner[n] = id
				}
			}
		}
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
		other, taken := owner[n]
		if !taken {
			owner[n] = id
			continue
		}
		h.Release()
		delete(b.builtHosts, id)
		if _, already := b.refusals["host:"+id]; !already {
			b.refusals["host:"+id] = Refusal{Message: fmt.Sprintf("%s belongs to host %s", n, other), Field: fmt.Sprintf("names[%d]", i)}
			if prev := b.previous(id, func(p string) bool { return b.builtPools[p] != nil }); prev != nil {
				b.builtHosts[id] = prev
			}
		}
		return true
	}
	return false
}

func (b *build) discard() {
	for _, h := range b.builtHosts {
		h.Release()
	}
	for _, p := range b.builtPools {
		p.Release()
	}
}
