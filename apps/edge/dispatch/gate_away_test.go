package dispatch_test

import (
	"net"
	"net/http"
	"os"
	"sync"
	"testing"
	"time"

	"argos/edge/gate"
)

func TestAPanelThatIsAwayLetsNobodyNewInAndNobodyElseWait(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil), "h_b": aHost("p", "b.test")}, map[string]m{"p": aPool(up.addr())})
	admitted, other := panel.signedIn("h_a", anna()), panel.signedIn("h_a", bob())
	if get(t, "https://a.test/", "Cookie", admitted).status != 200 {
		t.Fatal("not let in")
	}
	hits := func() int64 { return up.hits.Load() }
	away := func(t *testing.T) {
		t.Helper()
		before, begun := hits(), time.Now()
		var wg sync.WaitGroup
		for _, accept := range []string{"text/html", "application/json"} {
			wg.Go(func() {
				got := get(t, "https://a.test/", "Cookie", other, "Accept", accept)
				if got.status != 503 || got.header.Get("Retry-After") != "5" {
					t.Errorf("FA-13 %s: %d %v", accept, got.status, got.header)
				}
			})
		}
		wg.Go(func() { // meanwhile
			if got := get(t, "https://b.test/"); got.status != 200 {
				t.Errorf("FA-13 a host for all: %d", got.status)
			}
			if got := get(t, "https://a.test/", "Cookie", admitted); got.status != 200 {
				t.Errorf("FA-13 an admitted session: %d", got.status)
			}
			if got := get(t, "https://a.test/", "Accept", "text/html"); got.status != 302 {
				t.Errorf("FA-13 a stranger: %d", got.status)
			}
			if got := get(t, "https://a.test/_argos/session?ticket="+newToken(), "Cookie", "__Host-argos-state="+newToken()); got.status != 503 {
				t.Errorf("FA-13 a way back: %d", got.status)
			}
		})
		wg.Wait()
		if took := time.Since(begun); took > 6*time.Second || hits() != before+2 {
			t.Errorf("FA-13 took %s, the upstream was asked %d times", took, hits()-before)
		}
	}
	t.Run("hangs", func(t *testing.T) {
		panel.set(func(_ http.ResponseWriter, r *http.Request) bool { <-r.Context().Done(); return true })
		away(t)
	})
	t.Run("500", func(t *testing.T) {
		panel.set(func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(500); return true })
		away(t)
	})
	panel.set(nil)
	panel.stop()
	t.Run("stopped", away)
	t.Run("half closed", func(t *testing.T) {
		os.Remove(panel.socket)
		ln, err := net.Listen("unix", panel.socket)
		if err != nil {
			t.Fatal(err)
		}
		go func() {
			for {
				c, err := ln.Accept()
				if err != nil {
					return
				}
				c.(*net.UnixConn).CloseWrite()
			}
		}()
		away(t)
		ln.Close()
	})
	gate.Evict(gate.Eviction{Session: "s_anna"})
	if got := get(t, "https://a.test/", "Cookie", admitted); got.status != 503 {
		t.Errorf("FA-13 what was known has ended: %d", got.status)
	}
	panel.start()
	eventually(t, 5*time.Second, "it is back", func() bool { return get(t, "https://a.test/", "Cookie", other).status == 200 })
}

func TestAGuesserWaits(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	panel.set(func(w http.ResponseWriter, _ *http.Request) bool {
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(429)
		w.Write([]byte(`{"retry_after_s":1800}`))
		return true
	})
	got := get(t, "https://a.test/", "Authorization", "Bearer argos_abcdefghijklmnop234567")
	if got.status != 429 || got.header.Get("Retry-After") != "1800" || panel.asked.Load() != 1 {
		t.Errorf("LG %d %v, asked %d times", got.status, got.header, panel.asked.Load())
	}
}
