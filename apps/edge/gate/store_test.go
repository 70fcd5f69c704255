package gate

import (
	"crypto/sha256"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"argos/edge/requests"
)

func factsOf(session string, deadline time.Time) *facts {
	f := &facts{source: sourceSession, deadline: deadline}
	f.who = requests.Identity{Session: session, Person: "u_" + session, Host: "h_1", Credential: "c_" + session}
	return f
}

func keyNamed(name string) key {
	return key{sum: sha256.Sum256([]byte(name)), host: "h_1", by: "cookie"}
}

func never() bool { return false }

func TestTheStoreIsBoundedAndForgetsTheLeastUsed(t *testing.T) {
	now := time.Now()
	s := newStore(maxFacts)
	hot := keyNamed("hot")
	s.put(hot, factsOf("hot", now.Add(time.Hour)), never)
	for i := range maxFacts + 50_000 {
		s.put(keyNamed(fmt.Sprint(i)), factsOf("x", now.Add(time.Hour)), never)
		if i%100 == 0 && s.get(&hot, now) == nil {
			t.Fatalf("FA-18 what is used was forgotten after %d", i)
		}
	}
	n := 0
	for i := range s.shards {
		sh := &s.shards[i]
		n += len(sh.m)
		linked := 0
		for e := sh.head; e != nil; e = e.next {
			linked++
		}
		if linked != len(sh.m) || (sh.head == nil) != (sh.tail == nil) {
			t.Fatalf("shard %d: %d linked of %d", i, linked, len(sh.m))
		}
	}
	if n > maxFacts || int64(n) != s.size.Load() || n < maxFacts*9/10 {
		t.Errorf("FA-18 %d entries, counted as %d", n, s.size.Load())
	}
	if dropped := s.evict(func(*facts) bool { return true }); dropped != n || s.size.Load() != 0 {
		t.Errorf("dropped %d, left %d", dropped, s.size.Load())
	}
}

func TestFactsEndWithTheCredentialAndAfterHalfAMinute(t *testing.T) {
	now := time.Now()
	k := keyNamed("x")
	for _, c := range []struct{ left, want time.Duration }{{time.Hour, keepFor}, {5 * time.Second, 5 * time.Second}, {-time.Second, -time.Second}} {
		s := said{Session: "s", Source: sourceGuest, Until: now.Add(c.left).UnixMilli()}
		f, err := s.read(k, now, now)
		if err != nil {
			t.Fatal(err)
		}
		if got := f.deadline.Sub(now); got > c.want || got < c.want-10*time.Millisecond {
			t.Errorf("FA-21 ends in %s: kept for %s", c.left, got)
		}
		st := newStore(64)
		st.put(k, f, never)
		if st.get(&k, f.deadline.Add(-time.Millisecond)) == nil || st.get(&k, f.deadline) != nil || st.size.Load() != 0 {
			t.Errorf("FA-21 ends in %s: not denied exactly then", c.left)
		}
	}
	// A slow answer is not kept longer for it.
	s := said{Session: "s", Source: sourceGuest, Until: now.Add(time.Hour).UnixMilli()}
	if f, _ := s.read(k, now, now.Add(4*time.Second)); f.deadline != now.Add(keepFor) {
		t.Errorf("FA-13 kept for %s after it was asked", f.deadline.Sub(now))
	}
}

func TestWhatWasAskedBeforeAnEvictionIsNotKeptAfterIt(t *testing.T) {
	k := newKeeper(64)
	f := factsOf("s", time.Now().Add(time.Hour))
	before := k.evictions.epoch.Load()
	k.evict(Eviction{Session: "somebody else"})
	if k.evictions.since(before, &f.who) {
		t.Error("another one's eviction counts")
	}
	for _, e := range []Eviction{{Session: "s"}, {Person: "u_s"}, {Host: "h_1"}, {Credential: "c_s"}, {All: true}} {
		at := k.evictions.epoch.Load()
		k.evict(e)
		if k.store.put(keyNamed("x"), f, func() bool { return k.evictions.since(at, &f.who) }) {
			t.Errorf("FA-20 %+v: the old facts are back", e)
		}
	}
	at := k.evictions.epoch.Load()
	for range remembered + 1 {
		k.evict(Eviction{Session: "somebody else"})
	}
	if !k.evictions.since(at, &f.who) {
		t.Error("FA-20 an eviction that is not remembered any more counts for nothing")
	}
}

// Evictions and answers in every order: what is left in the store was asked for after the last eviction.
func TestEvictionsAndAnswersRace(t *testing.T) {
	k := newKeeper(64)
	var wg sync.WaitGroup
	name := keyNamed("x")
	for range 4 {
		wg.Go(func() {
			for range 3000 {
				at := k.evictions.epoch.Load()
				f := factsOf("s", time.Now().Add(time.Hour))
				f.assertion = fmt.Sprint(at) // when it was asked
				k.store.put(name, f, func() bool { return k.evictions.since(at, &f.who) })
			}
		})
	}
	wg.Go(func() {
		for range 3000 {
			k.evict(Eviction{Session: "s"})
			now := k.evictions.epoch.Load()
			if f := k.store.get(&name, time.Now()); f != nil {
				var asked uint64
				fmt.Sscan(f.assertion, &asked)
				// Each eviction counts twice: what was asked after its first count was asked after it.
				if asked < now-1 {
					t.Errorf("FA-20 asked in epoch %d, still there in %d", asked, now)
				}
			}
		}
	})
	wg.Wait()
}

func TestAnEvictionNamesOneThing(t *testing.T) {
	for _, e := range []Eviction{{}, {Session: "s", Person: "u"}, {Host: "h", All: true}} {
		if e.Check() == nil {
			t.Errorf("%+v", e)
		}
	}
	if (Eviction{Session: "s"}).meets(&requests.Identity{}) || (Eviction{}).meets(&requests.Identity{}) {
		t.Error("nobody is met by what names somebody")
	}
}

func BenchmarkStoreGet(b *testing.B) {
	now := time.Now()
	s := newStore(maxFacts)
	keys := make([]key, 1000)
	for i := range keys {
		keys[i] = keyNamed(fmt.Sprint(i))
		s.put(keys[i], factsOf("x", now.Add(time.Hour)), never)
	}
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			s.get(&keys[rand.IntN(len(keys))], now)
		}
	})
}

func BenchmarkEvictOfAHundredThousand(b *testing.B) {
	now := time.Now()
	k := newKeeper(maxFacts)
	for i := range maxFacts {
		k.store.put(keyNamed(fmt.Sprint(i)), factsOf("x", now.Add(time.Hour)), never)
	}
	for b.Loop() {
		k.evict(Eviction{Session: "nobody"})
	}
}
