package live

import (
	"github.com/caddyserver/caddy/v2"
)

// Prepared is a whole table built beside the live one.
type Prepared struct {
	hosts map[string]*Host
	pools map[string]*Pool
	done  bool
}

// Prepare provisions everything of set, each entry under a cancellation of its own. A refused entry keeps the
// version that is live now, if there is one and it can still be provisioned, else it is left out; either
// way it is reported under "host:<id>" or "pool:<id>". Effective tells what came of it.
func Prepare(ctx caddy.Context, set Set) (*Prepared, map[string]Refusal) {
	b := newBuild(ctx, Current(), nil)
	b.pools(set)
	b.hosts(set)
	b.resolveNames()
	return &Prepared{hosts: b.builtHosts, pools: b.builtPools}, b.refusals
}

// Effective returns the JSON that a Commit would make live.
func (p *Prepared) Effective() Set {
	s := Set{Hosts: map[string]jsonRaw{}, Pools: map[string]jsonRaw{}}
	for id, h := range p.hosts {
		s.Hosts[id] = h.raw
	}
	for id, pool := range p.pools {
		s.Pools[id] = pool.raw
	}
	return s
}

// Commit replaces the live table at once. Hosts that are gone, off or stricter lose their open requests.
func (p *Prepared) Commit() {
	if p.done {
		return
	}
	p.done = true
	current.Lock()
	oldHosts, oldPools := current.hosts, current.pools
	current.hosts, current.pools = map[string]*Host{}, p.pools
	current.exact, current.wild = map[string]*Host{}, map[string]*Host{}
	for _, h := range p.hosts {
		current.put(h)
	}
	current.Unlock()

	defer haveTable()
	for id, pool := range oldPools {
		if p.pools[id] == nil {
			pool.handler.Retire()
		}
	}
	for _, pool := range p.pools {
		pool.handler.Activate()
	}
	for id, h := range oldHosts {
		endRequests(h, p.hosts[id])
		h.Release()
	}
	for _, pool := range oldPools {
		pool.Release()
	}
}

// Discard throws a table away that was never committed.
func (p *Prepared) Discard() {
	if p.done {
		return
	}
	p.done = true
	for _, h := range p.hosts {
		h.Release()
	}
	for _, pool := range p.pools {
		pool.Release()
	}
}

// Validate provisions set on ctx, beside what is live, and throws it away. A name is refused when two
// of set claim it, not for what is live: it may be on its way from one host to another, and the swap looks again.
func Validate(ctx caddy.Context, set Set) map[string]Refusal {
	b := newBuild(ctx, Set{}, current)
	b.anyName = true
	b.pools(set)
	b.hosts(set)
	b.resolveNames()
	b.discard()
	return b.refusals
}
