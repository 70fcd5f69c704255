package dispatch_test

import (
	"fmt"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"

	"argos/edge/live"
	"argos/edge/requests"
)

// hold starts a request that the upstream holds, and returns what becomes of it.
func hold(t *testing.T, up *upstream, url string) <-chan string {
	t.Helper()
	before := up.waiting.Load()
	out := make(chan string, 1)
	c := client(t, false, "")
	go func() {
		res, err := c.Get(url)
		if err != nil {
			out <- err.Error()
			return
		}
		defer res.Body.Close()
		body, err := io.ReadAll(res.Body)
		out <- fmt.Sprint(res.StatusCode, " ", string(body), " ", err)
	}()
	eventually(t, 5*time.Second, "the upstream holds a request", func() bool { return up.waiting.Load() > before })
	return out
}

func TestASwapCutsNothing(t *testing.T) {
	one, two := anUpstream(t), anUpstream(t)
	hosts := map[string]m{"h_a": aHost("p", "a.test")}
	serve(t, hosts, map[string]m{"p": aPool(one.addr())})

	held := hold(t, one, "https://a.test/hold")
	ws := socket(t, "a.test")
	for i := range 50 { // edits of the host, of its pool, of another host
		h := with(hosts["h_a"], m{"names": a{"a.test", fmt.Sprintf("n%d.test", i)}})
		h["handle"] = a{h["handle"].(a)[0], m{"handler": "headers", "response": m{"set": m{"X-Turn": a{fmt.Sprint(i)}}}}, h["handle"].(a)[1]}
		p := with(aPool(two.addr()), m{"health": m{"kind": "off", "interval_s": i + 1}})
		if refused := swap(map[string]m{"h_a": h, "h_b": aHost("p", "b.test")}, map[string]m{"p": p}); len(refused) > 0 {
			t.Fatal(refused)
		}
		if got := get(t, "https://a.test/"); got.status != 200 || got.header.Get("X-Turn") != fmt.Sprint(i) {
			t.Fatalf("edit %d is not live when Swap returns: %d %v", i, got.status, got.header)
		}
	}
	t.Cleanup(func() { live.Swap(caddy.ActiveContext(), live.Set{}, []string{"h_b"}, nil) })
	if one.hits.Load() != 0 || two.hits.Load() != 50 {
		t.Errorf("requests went to the wrong pool: %d, %d", one.hits.Load(), two.hits.Load())
	}
	if err := ws.alive("still here"); err != nil {
		t.Errorf("F7 the WebSocket: %v", err)
	}
	close(one.release)
	if got := <-held; got != "200 held <nil>" {
		t.Errorf("F7 the held request: %s", got)
	}
}

func TestAReloadCutsNothing(t *testing.T) {
	up := anUpstream(t)
	hosts, pools := map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())}
	serve(t, hosts, pools)
	held := hold(t, up, "https://a.test/hold")
	ws := socket(t, "a.test")
	for turn := range 5 {
		if err := caddy.Load(config(live.Current(), turn+1), false); err != nil {
			t.Fatal(err)
		}
	}
	if err := ws.alive("still here"); err != nil {
		t.Errorf("F7 the WebSocket: %v", err)
	}
	close(up.release)
	if got := <-held; got != "200 held <nil>" {
		t.Errorf("F7 the held request: %s", got)
	}
	eventually(t, 5*time.Second, "served again", func() bool {
		res, err := client(t, false, "").Get("https://a.test/")
		if err != nil {
			return false
		}
		res.Body.Close()
		return res.StatusCode == 200
	})
}

func TestHotClientsSeeNoFailureWhileEverythingIsSwapped(t *testing.T) {
	one, two := anUpstream(t), anUpstream(t)
	host := with(aHost("p", "plain.test"), m{"tls": "none"})
	serve(t, map[string]m{"h_a": host}, map[string]m{"p": aPool(one.addr())})
	var served, failed atomic.Int64
	var wg sync.WaitGroup
	stop := make(chan struct{})
	for range 4 {
		wg.Go(func() {
			tr := &http.Transport{DisableKeepAlives: true}
			for {
				select {
				case <-stop:
					return
				default:
				}
				r, _ := http.NewRequest("GET", "http://"+at(httpPort)+"/", nil)
				r.Host = "plain.test"
				res, err := tr.RoundTrip(r)
				if err == nil {
					io.Copy(io.Discard, res.Body)
					res.Body.Close()
				}
				if err != nil || res.StatusCode != 200 {
					failed.Add(1)
				}
				served.Add(1)
			}
		})
	}
	for i := range 100 {
		p := aPool([]string{one.addr(), two.addr()}[i%2])
		if refused := swap(map[string]m{"h_a": host}, map[string]m{"p": p}); len(refused) > 0 {
			t.Error(refused)
		}
		if i%10 == 0 {
			live.Validate(caddy.ActiveContext(), live.Set{Hosts: live.Current().Hosts})
		}
		for n := served.Load(); served.Load() < n+3; {
			time.Sleep(time.Millisecond)
		}
	}
	close(stop)
	wg.Wait()
	if failed.Load() > 0 || served.Load() < 300 {
		t.Errorf("%d of %d requests failed", failed.Load(), served.Load())
	}
}

func TestARefusedEditLeavesTheHostAsItWas(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test"), "h_b": aHost("p", "b.test")}, map[string]m{"p": aPool(up.addr())})
	refused := swap(map[string]m{
		"h_a": with(aHost("p", "a.test"), m{"handle": a{m{"handler": "argos_gate", "policy": m{"kind": "sign_in"}}}}),
		"h_b": aHost("p", "c.test"),
	}, nil)
	t.Cleanup(func() { live.Swap(caddy.ActiveContext(), live.Set{}, []string{"h_b"}, nil) })
	if len(refused) != 1 || refused["host:h_a"].Field != "handle[0].policy.kind" {
		t.Errorf("CF-09 %+v", refused)
	}
	for host, want := range map[string]int{"a.test": 200, "c.test": 200} {
		if got := get(t, "https://"+host+"/"); got.status != want {
			t.Errorf("CF-09 %s: %d", host, got.status)
		}
	}
	if live.Known("b.test") {
		t.Error("a name that was given up is still known")
	}
}

func TestPoolsInUseStay(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	refused := live.Swap(caddy.ActiveContext(), live.Set{}, nil, []string{"p"})
	if !strings.Contains(refused["pool:p"].Message, "h_a") {
		t.Errorf("%+v", refused)
	}
	if got := get(t, "https://a.test/"); got.status != 200 {
		t.Errorf("%d", got.status)
	}
}

func TestTheRegistryIsEmptyInTheEnd(t *testing.T) {
	eventually(t, 5*time.Second, "no open request", func() bool { return requests.Open() == 0 })
}
