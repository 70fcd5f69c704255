package live

import (
	"fmt"
	"slices"

	"github.com/caddyserver/caddy/v2"
)

// Swap provisions the changed entries, each under a cancellation of its own on ctx (the live context), and puts them in;
// the listed ones are taken out. A refused entry keeps what it had, the others go live. When Swap
// returns, new requests see the new entries; open requests of hosts that are gone, off or stricter are
// being cancelled.
func Swap(ctx caddy.Context, changed Set, removedHosts, removedPools []string) map[string]Refusal {
	b, removedPools := buildSwap(ctx, changed, removedHosts, removedPools)

	oldHosts, oldPools := b.commit(removedHosts, removedPools)
	defer haveTable()

	for _, p := range b.builtPools {
		p.handler.Activate()
	}
	for _, p := range oldPools {
		if b.builtPools[p.ID] == nil {
			p.handler.Retire()
		}
		p.Release()
	}
	for _, h := range oldHosts {
		endRequests(h, b.builtHosts[h.ID])
		h.Release()
	}
	return b.refusals
}

// Try says what Swap would refuse, and changes nothing.
func Try(ctx caddy.Context, changed Set, removedHosts, removedPools []string) map[string]Refusal {
	b, _ := buildSwap(ctx, changed, removedHosts, removedPools)
	b.discard()
	return b.refusals
}

// buildSwap provisions what is changed beside what is live, and returns which pools can go.
func buildSwap(ctx caddy.Context, changed Set, removedHosts, removedPools []string) (*build, []string) {
	b := newBuild(ctx, Set{}, current)
	b.removedHosts, b.removedPools = setOf(removedHosts), setOf(removedPools)
	b.pools(changed)
	b.hosts(changed)
	b.resolveNames()
	return b, b.keepUsedPools(removedPools)
}

// commit changes the table in one step and returns what it took out.
func (b *build) commit(removedHosts, removedPools []string) (oldHosts []*Host, oldPools []*Pool) {
	current.Lock()
	defer current.Unlock()
	for _, id := range removedHosts {
		if h := current.hosts[id]; h != nil {
			current.drop(h)
			oldHosts = append(oldHosts, h)
		}
	}
	for id := range b.builtHosts { // all old names out before any new one goes in
		if h := current.hosts[id]; h != nil {
			current.drop(h)
			oldHosts = append(oldHosts, h)
		}
	}
	for _, h := range b.builtHosts {
		current.put(h)
	}
	for _, id := range removedPools {
		if p := current.pools[id]; p != nil {
			delete(current.pools, id)
			oldPools = append(oldPools, p)
		}
	}
	for id, p := range b.builtPools {
		if old := current.pools[id]; old != nil {
			oldPools = append(oldPools, old)
		}
		current.pools[id] = p
	}
	return oldHosts, oldPools
}

// keepUsedPools refuses to take a pool out that a host still names.
func (b *build) keepUsedPools(removed []string) []string {
	if len(removed) == 0 {
		return nil
	}
	users := b.users()
	return slices.DeleteFunc(slices.Clone(removed), func(id string) bool {
		by, used := users[id]
		if used {
			b.refusals["pool:"+id] = Refusal{Message: fmt.Sprintf("host %s still uses it", by)}
		}
		return used
	})
}

// users maps each pool that is used afterwards to a host that names it. It goes through all hosts once,
// however many pools go.
func (b *build) users() map[string]string {
	users := map[string]string{}
	name := func(h *Host, id string) {
		for _, pool := range h.pools {
			users[pool] = id
		}
	}
	current.RLock()
	defer current.RUnlock()
	for id, h := range current.hosts {
		if b.builtHosts[id] == nil && !b.removedHosts[id] {
			name(h, id)
		}
	}
	for id, h := range b.builtHosts {
		name(h, id)
	}
	return users
}

func setOf(ids []string) map[string]bool {
	set := make(map[string]bool, len(ids))
	for _, id := range ids {
		set[id] = true
	}
	return set
}
