package gate

import (
	"sync"
	"sync/atomic"
	"time"
)

const (
	storeShards = 64
	maxFacts    = 100_000
)

// store keeps facts, the least recently used go first. It is the process's and outlives every configuration.
type store struct {
	shards [storeShards]storeShard
	size   atomic.Int64
	most   int // of one shard
}

type storeShard struct {
	sync.Mutex
	m          map[key]*kept
	head, tail *kept // the most and the least recently used
}

type kept struct {
	key        key
	facts      *facts
	prev, next *kept
}

func newStore(most int) *store {
	s := &store{most: max(1, most/storeShards)}
	for i := range s.shards {
		s.shards[i].m = map[key]*kept{}
	}
	return s
}

func (s *store) shard(k *key) *storeShard { return &s.shards[k.sum[0]%storeShards] }

// get returns facts that may still be gone by.
func (s *store) get(k *key, now time.Time) *facts {
	sh := s.shard(k)
	sh.Lock()
	defer sh.Unlock()
	e := sh.m[*k]
	if e == nil {
		return nil
	}
	if !now.Before(e.facts.deadline) {
		s.drop(sh, e)
		return nil
	}
	if sh.head != e {
		sh.unlink(e)
		sh.push(e)
	}
	return e.facts
}

// put keeps facts unless stale says, under the shard's lock, that they were evicted meanwhile: what
// evicts counts first and looks here second, so one of the two sees the other (FA-20).
func (s *store) put(k key, f *facts, stale func() bool) bool {
	sh := s.shard(&k)
	sh.Lock()
	defer sh.Unlock()
	if stale() {
		return false
	}
	if e := sh.m[k]; e != nil {
		s.drop(sh, e)
	}
	if len(sh.m) >= s.most {
		s.drop(sh, sh.tail)
	}
	e := &kept{key: k, facts: f}
	sh.m[k] = e
	sh.push(e)
	s.size.Add(1)
	return true
}

// evict drops what matches and says how much it was.
func (s *store) evict(match func(*facts) bool) int {
	n := 0
	for i := range s.shards {
		sh := &s.shards[i]
		sh.Lock()
		for _, e := range sh.m {
			if match(e.facts) {
				s.drop(sh, e)
				n++
			}
		}
		sh.Unlock()
	}
	return n
}

func (s *store) drop(sh *storeShard, e *kept) {
	delete(sh.m, e.key)
	sh.unlink(e)
	s.size.Add(-1)
}

func (sh *storeShard) push(e *kept) {
	e.prev, e.next = nil, sh.head
	if sh.head != nil {
		sh.head.prev = e
	}
	sh.head = e
	if sh.tail == nil {
		sh.tail = e
	}
}

func (sh *storeShard) unlink(e *kept) {
	if e.prev != nil {
		e.prev.next = e.next
	} else {
		sh.head = e.next
	}
	if e.next != nil {
		e.next.prev = e.prev
	} else {
		sh.tail = e.prev
	}
	e.prev, e.next = nil, nil
}
