package gate

import (
	"runtime"
	"testing"
	"time"

	"argos/edge/requests"
)

// The steps of who, with the whole eviction between the second and the third.
func TestFoundWhileEvicted(t *testing.T) {
	k := newKeeper(maxFacts)
	a := key{host: "h_1", by: requests.ByCookie}
	a.sum[0] = storeShards - 1 // the last one that is gone through
	who := requests.Identity{Session: "s_1", Host: a.host}
	k.store.put(a, &facts{who: who, deadline: time.Now().Add(time.Hour)}, func() bool { return false })

	first := &k.store.shards[0]
	first.Lock()
	over := make(chan struct{})
	go func() {
		defer close(over)
		k.evict(Eviction{Session: who.Session})
	}()
	for k.evictions.epoch.Load() == 0 {
		runtime.Gosched()
	}
	epoch := k.evictions.epoch.Load()
	found := k.store.get(&a, time.Now())
	first.Unlock()
	<-over
	if found != nil && !k.evictions.since(epoch, &found.who) {
		t.Error("FA-19 what was found just before it was dropped passes after the eviction")
	}
}
