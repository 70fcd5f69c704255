package dispatch_test

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"

	"argos/edge/gate"
	"argos/edge/live"
	"argos/edge/requests"
)

// evict as the control socket does.
func evict(t *testing.T, what m) (dropped, cancelled int) {
	t.Helper()
	text := func(k string) string { s, _ := what[k].(string); return s }
	e := gate.Eviction{Session: text("session"), Person: text("person"), Host: text("host"), Credential: text("credential"), All: what["all"] == true}
	if err := e.Check(); err != nil {
		t.Fatal(err)
	}
	return gate.Evict(e)
}

func TestAnEvictionIsSoOnTheNextRequestAndEndsStreams(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil), "h_b": guarded("b.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	for _, what := range []m{{"session": "s_anna"}, {"person": "u_anna"}, {"host": "h_a"}, {"credential": ""}, {"all": true}} {
		t.Run(fmt.Sprint(what), func(t *testing.T) {
			secret := panel.know(newToken(), "h_a", anna())
			cookie, other := "__Host-argos="+secret, panel.signedIn("h_b", bob())
			if what["credential"] != nil {
				what["credential"] = hexOf(secret)
			}
			eventually(t, 5*time.Second, "nothing open from before", func() bool { return requests.Open() == 0 })
			ended := make(chan string, 10)
			for _, h2 := range []bool{false, true} {
				watch(t, ended, fmt.Sprint("events, HTTP/2 ", h2), h2, "https://a.test/events", cookie)
			}
			ws := socketAs(t, "a.test", cookie)
			go func() {
				io.Copy(io.Discard, ws)
				ended <- "socket"
			}()
			otherEnded := make(chan string, 1)
			watch(t, otherEnded, "somebody else's", false, "https://b.test/events", other)

			panel.forget(hexOf(secret))
			if get(t, "https://a.test/", "Cookie", cookie).status != 200 {
				t.Error("not kept while nothing was evicted")
			}
			dropped, cancelled := evict(t, what)
			if got := get(t, "https://a.test/", "Cookie", cookie).status; got != 401 {
				t.Errorf("FA-19 the next request: %d", got)
			}
			for range 3 {
				select {
				case <-ended:
				case <-time.After(time.Second):
					t.Error("FA-19 a stream goes on after a second")
				}
			}
			wantDropped, wantCancelled := 1, 3
			if what["all"] == true {
				wantDropped, wantCancelled = 2, 4
			}
			if dropped != wantDropped || cancelled != wantCancelled {
				t.Errorf("dropped %d, cancelled %d", dropped, cancelled)
			}
			select {
			case <-otherEnded:
				if what["all"] == nil {
					t.Error("somebody else's stream was cut")
				}
			default:
				if what["all"] != nil {
					<-otherEnded
				}
			}
			gate.Evict(gate.Eviction{All: true})
		})
	}
}

func watch(t *testing.T, ended chan<- string, name string, h2 bool, url, cookie string) {
	t.Helper()
	r, _ := http.NewRequest("GET", url, nil)
	r.Header.Set("Cookie", cookie)
	res, err := client(t, h2, "").Do(r)
	if err != nil || res.StatusCode != 200 {
		t.Fatalf("%s: %v %v", name, err, res)
	}
	go func() {
		io.Copy(io.Discard, res.Body)
		res.Body.Close()
		ended <- name
	}()
}

// socketAs opens a WebSocket with a cookie.
func socketAs(t *testing.T, host, cookie string) io.Reader {
	t.Helper()
	conn := dial(t, httpsPort, host)
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, upgrade[:len(upgrade)-2]+"Cookie: %s\r\n\r\n", host, cookie)
	read := bufio.NewReader(conn)
	if line, err := read.ReadString('\n'); err != nil || line[:12] != "HTTP/1.1 101" {
		t.Fatalf("handshake: %v %q", err, line)
	}
	return read
}

func TestARequestWhoseQuestionIsOnItsWayIsNotMissed(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	for _, keep := range []bool{true, false} {
		serve(t, map[string]m{"h_a": guarded("a.test", people, m{"keep": keep})}, map[string]m{"p": aPool(up.addr())})
		secret := panel.know(newToken(), "h_a", anna())
		hold := make(chan struct{})
		panel.mu.Lock()
		panel.hold = hold
		panel.mu.Unlock()
		asked, hits := panel.asked.Load(), up.hits.Load()
		got := make(chan answer)
		go func() { got <- get(t, "https://a.test/", "Cookie", "__Host-argos="+secret) }()
		eventually(t, 5*time.Second, "asked", func() bool { return panel.asked.Load() == asked+1 })
		panel.forget(hexOf(secret)) // the answer on its way says that it is Anna
		evict(t, m{"session": "s_anna"})
		close(hold)
		if a := <-got; a.status != 401 || up.hits.Load() != hits {
			t.Errorf("FA-20 keep %v: %d", keep, a.status)
		}
		panel.mu.Lock()
		panel.hold = nil
		panel.mu.Unlock()
	}
}

func TestWithoutKeepingEachRequestIsAskedFor(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, m{"keep": false})}, map[string]m{"p": aPool(up.addr())})
	secret := panel.know(newToken(), "h_a", anna())
	for range 3 {
		if got := get(t, "https://a.test/", "Cookie", "__Host-argos="+secret); got.status != 200 {
			t.Fatal(got.status)
		}
	}
	if n := panel.asked.Load(); n != 3 {
		t.Errorf("asked %d times", n)
	}
	panel.forget(hexOf(secret)) // and nobody tells the gate
	if got := get(t, "https://a.test/", "Cookie", "__Host-argos="+secret); got.status != 401 {
		t.Errorf("FA-19 %d", got.status)
	}
}

func TestWhatWasLearntOutlivesReloadsAndWhatWasEvictedDoesNot(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	hosts := map[string]m{"h_a": guarded("a.test", people, nil)}
	serve(t, hosts, map[string]m{"p": aPool(up.addr())})
	secret := panel.know(newToken(), "h_a", anna())
	ask := func() int { return get(t, "https://a.test/", "Cookie", "__Host-argos="+secret).status }
	reload := func(broken bool) {
		c := config(live.Current(), int(time.Now().UnixNano()))
		if broken {
			c = bytes.Replace(c, []byte(`"argos_test"`), []byte(`"argos_none"`), 1)
		}
		if err := caddy.Load(c, false); (err != nil) != broken {
			t.Fatal(err)
		}
	}
	if ask() != 200 {
		t.Fatal("not let in")
	}
	asked := panel.asked.Load()
	reload(false)
	if ask() != 200 || panel.asked.Load() != asked {
		t.Error("a reload forgets whom it knows")
	}
	panel.forget(hexOf(secret))
	evict(t, m{"person": "u_anna"})
	for _, broken := range []bool{true, false} {
		reload(broken)
		if got := ask(); got != 401 {
			t.Errorf("FA-19 after a reload (refused: %v): %d", broken, got)
		}
	}
}
