package gate

import (
	"context"
	"net/netip"
	"sync"
)

// perAddress is how many questions one address may have on their way at once. The rest of them wait, and
// only for each other: whoever makes credentials up does not make everybody wait whose facts are not kept.
const perAddress = atOnce / 4

// shares are kept only as long as somebody asks.
type shares struct {
	mu sync.Mutex
	of map[netip.Prefix]*share
}

type share struct {
	free  chan struct{}
	users int
}

// take waits for a place; give is called when the question has been answered.
func (s *shares) take(ctx context.Context, client netip.Addr) (give func(), err error) {
	who := household(client)
	s.mu.Lock()
	if s.of == nil {
		s.of = map[netip.Prefix]*share{}
	}
	own := s.of[who]
	if own == nil {
		own = &share{free: make(chan struct{}, perAddress)}
		s.of[who] = own
	}
	own.users++
	s.mu.Unlock()

	leave := func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if own.users--; own.users == 0 {
			delete(s.of, who)
		}
	}
	select {
	case own.free <- struct{}{}:
		return func() { <-own.free; leave() }, nil
	case <-ctx.Done():
		leave()
		return nil, ctx.Err()
	}
}

// household is an IPv4 address, or an IPv6 /64: one household's or one attacker's.
func household(client netip.Addr) netip.Prefix {
	bits := 32
	if client = client.Unmap(); client.Is6() {
		bits = 64
	}
	prefix, err := client.WithZone("").Prefix(bits)
	if err != nil { // nobody knows who it is: they share one
		return netip.Prefix{}
	}
	return prefix
}
