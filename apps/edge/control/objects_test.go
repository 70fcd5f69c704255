package control

import (
	"encoding/json"
	"fmt"
	"maps"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// The panel's tests have the same three (packages/caddy-admin/test/digest.test.ts).
func TestTheEtagIsTheOneThePanelComputes(t *testing.T) {
	s := nothing()
	if want := fmt.Sprintf("%064d", 0); s.etag != want {
		t.Errorf("of nothing: %s", s.etag)
	}
	s.hosts.put("h_a", object{hash: "1"})
	if got, want := s.seal().etag, oneHost; got != want {
		t.Errorf("of one host: %s, want %s", got, want)
	}
	s.base, s.baseHash = json.RawMessage("{}"), "x"
	s.hosts.put("h_b", object{hash: "2"})
	s.pools.put("p_a", object{hash: "3"})
	if got, want := s.seal().etag, all; got != want {
		t.Errorf("of all: %s, want %s", got, want)
	}
}

const (
	oneHost = "de8b4e27821ff468eaed7900d610cf40faf33488cce3208abec55419d040d250"
	all     = "78d9c59769f70aea8eb5ae22244f11848ad8b1b02ec6ef4cdba840ec11ce3352"
)

func TestEditsLeaveWhatWasPublishedAndComeToTheSameAsAllAnew(t *testing.T) {
	seed := rand.Uint64()
	if word := os.Getenv("TEST_SEED"); word != "" {
		seed, _ = strconv.ParseUint(word, 10, 64)
	}
	t.Logf("TEST_SEED=%d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	model := map[string]object{}
	now := newObjects(host, nil)
	for step := range 2_000 {
		before, snapshot, sum := now, maps.Collect(now.all()), now.sum
		changes := map[string]*object{}
		for range random.IntN(4) {
			id := fmt.Sprintf("h_%d", random.IntN(400))
			if random.IntN(3) == 0 {
				changes[id] = nil
				delete(model, id)
				continue
			}
			o := newObject(json.RawMessage(strconv.Itoa(random.IntN(9))), int64(step))
			changes[id] = &o
			model[id] = o
		}
		now = now.with(changes)

		anew := newObjects(host, model)
		if now.sum != anew.sum || now.len() != len(model) || now.len() != anew.len() {
			t.Fatalf("step %d: %d objects with %s, anew %d with %s", step, now.len(), now.sum.String(), anew.len(), anew.sum.String())
		}
		if !maps.EqualFunc(maps.Collect(now.all()), model, same) {
			t.Fatalf("step %d: not what was put in", step)
		}
		if before.sum != sum || !maps.EqualFunc(maps.Collect(before.all()), snapshot, same) {
			t.Fatalf("step %d: the edit changed what was published", step)
		}
		for id, want := range model {
			if got, ok := now.get(id); !ok || !same(got, want) {
				t.Fatalf("step %d: %s is not found", step, id)
			}
		}
	}
}

func same(a, b object) bool {
	return a.hash == b.hash && a.generation == b.generation && string(a.raw) == string(b.raw)
}

func BenchmarkAnEditOfOneHost(b *testing.B) {
	for _, count := range []int{10, 5_000} {
		b.Run(strconv.Itoa(count), func(b *testing.B) {
			s := nothing()
			for i := range count {
				s.hosts.put(fmt.Sprintf("h_%d", i), newObject(json.RawMessage(strconv.Itoa(i)), 1))
			}
			for i := 0; b.Loop(); i++ {
				o := newObject(json.RawMessage(strconv.Itoa(i)), 2)
				next := *s
				next.hosts = s.hosts.with(map[string]*object{"h_1": &o})
				s = next.seal()
			}
		})
	}
}
