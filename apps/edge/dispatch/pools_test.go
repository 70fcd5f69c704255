package dispatch_test

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

func TestWeightsAreHonoured(t *testing.T) {
	ups := []*upstream{anUpstream(t), anUpstream(t), anUpstream(t)}
	p := with(aPool(), m{"targets": a{
		m{"dial": ups[0].addr(), "weight": 6}, m{"dial": ups[1].addr(), "weight": 3}, m{"dial": ups[2].addr(), "weight": 1},
	}})
	serve(t, map[string]m{"h_a": with(aHost("p", "plain.test"), m{"tls": "none"})}, map[string]m{"p": p})
	ask(t, 1000, "GET", "")
	for i, want := range []int64{600, 300, 100} {
		if got := ups[i].hits.Load(); got < want*6/10 || got > want*14/10 {
			t.Errorf("target %d got %d of 1000, want about %d", i, got, want)
		}
	}
}

func TestARetryNeverPicksADeadTargetAgain(t *testing.T) {
	up, dead := anUpstream(t), deadAddr(t)
	p := with(aPool(), m{"targets": a{
		m{"dial": dead, "weight": 1000}, m{"dial": deadAddr(t), "weight": 1000}, m{"dial": up.addr(), "weight": 1},
	}})
	serve(t, map[string]m{"h_a": with(aHost("p", "plain.test"), m{"tls": "none"})}, map[string]m{"p": p})
	ask(t, 200, "GET", "")
	ask(t, 200, "POST", "a body that arrives once")
	if up.hits.Load() != 400 {
		t.Errorf("%d of 400 arrived", up.hits.Load())
	}
}

func TestAnUnreachedTargetIsNoReasonToRefuseAPost(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": with(aHost("p", "plain.test"), m{"tls": "none"})}, map[string]m{"p": aPool(up.addr())})
	for range 20 { // a dead target nobody has met yet, each time
		p := with(aPool(), m{"targets": a{m{"dial": deadAddr(t), "weight": 1000}, m{"dial": up.addr(), "weight": 1}}})
		if refused := swap(nil, map[string]m{"p": p}); len(refused) > 0 {
			t.Fatal(refused)
		}
		ask(t, 1, "POST", "a body that arrives once")
	}
	if up.hits.Load() != 20 {
		t.Errorf("%d of 20 arrived", up.hits.Load())
	}
}

// A target that takes connections and drops them was reached: only what changes nothing goes to another one.
func TestATargetThatBreaksOffIsTriedOnceARequest(t *testing.T) {
	up := anUpstream(t)
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	var dropped atomic.Int64
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			dropped.Add(1)
			conn.Close()
		}
	}()
	p := with(aPool(), m{"targets": a{m{"dial": ln.Addr().String(), "weight": 1000}, m{"dial": up.addr(), "weight": 1}}})
	serve(t, map[string]m{"h_a": with(aHost("p", "plain.test"), m{"tls": "none"})}, map[string]m{"p": p})
	ask(t, 30, "GET", "")
	if up.hits.Load() != 30 || dropped.Load() > 30 {
		t.Errorf("%d of 30 arrived, %d attempts were dropped", up.hits.Load(), dropped.Load())
	}
	before := dropped.Load()
	got := talk(t, httpPort, "", "POST / HTTP/1.1\r\nHost: plain.test\r\nContent-Length: 1\r\nConnection: close\r\n\r\nx")
	if dropped.Load() == before+1 && !strings.Contains(got, "502") {
		t.Errorf("a POST was repeated: %s", got)
	}
}

func TestATargetThatIsDownGetsNothing(t *testing.T) {
	up, dead := anUpstream(t), deadAddr(t)
	p := with(aPool(up.addr(), dead), m{"health": m{"kind": "tcp", "interval_s": 1, "timeout_s": 1}})
	only := with(aPool(dead), m{"health": m{"kind": "tcp", "interval_s": 1, "timeout_s": 1}})
	serve(t, map[string]m{
		"h_a": with(aHost("p", "plain.test"), m{"tls": "none"}),
		"h_b": with(aHost("q", "down.test"), m{"tls": "none"}),
	}, map[string]m{"p": p, "q": only})
	eventually(t, 5*time.Second, "502 at once when all are down", func() bool {
		start := time.Now()
		got := talk(t, httpPort, "", "GET / HTTP/1.1\r\nHost: down.test\r\nConnection: close\r\n\r\n")
		return strings.Contains(got, "502") && time.Since(start) < time.Second
	})
	ask(t, 50, "GET", "")
	if up.hits.Load() != 50 {
		t.Errorf("%d", up.hits.Load())
	}
}

func ask(t *testing.T, times int, method, body string) {
	t.Helper()
	tr := &http.Transport{}
	defer tr.CloseIdleConnections()
	for range times {
		r, _ := http.NewRequest(method, "http://"+at(httpPort)+"/", strings.NewReader(body))
		r.Host = "plain.test"
		res, err := tr.RoundTrip(r)
		if err != nil {
			t.Fatal(err)
		}
		got, _ := io.ReadAll(res.Body)
		res.Body.Close()
		if res.StatusCode != 200 || !strings.Contains(string(got), body) {
			t.Fatalf("%d %s", res.StatusCode, got)
		}
	}
}

func TestStreamsPassAtOnce(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	for _, h2 := range []bool{false, true} {
		res, err := client(t, h2, "").Get("https://a.test/events")
		if err != nil {
			t.Fatal(err)
		}
		first := make([]byte, len("data: first\n\n"))
		if _, err := io.ReadFull(res.Body, first); err != nil || string(first) != "data: first\n\n" {
			t.Errorf("%q %v", first, err)
		}
		res.Body.Close()
	}
	if err := socket(t, "a.test").alive("ping"); err != nil {
		t.Error(err)
	}
}

func TestUploadsAreNotBuffered(t *testing.T) {
	arrived := make(chan string)
	up := anUpstream(t)
	up.Config.Handler.(*http.ServeMux).HandleFunc("/upload", func(w http.ResponseWriter, r *http.Request) {
		buf := make([]byte, 5)
		io.ReadFull(r.Body, buf)
		arrived <- string(buf)
		n, _ := io.Copy(io.Discard, r.Body)
		fmt.Fprint(w, n)
	})
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	for _, h2 := range []bool{false, true} {
		body, send := io.Pipe()
		r, _ := http.NewRequest("POST", "https://a.test/upload", body)
		done := make(chan answer, 1)
		go func() { done <- do(t, client(t, h2, ""), r) }()
		io.WriteString(send, "first")
		select {
		case got := <-arrived:
			if got != "first" {
				t.Errorf("%q", got)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("the beginning of the body waits for its end")
		}
		io.Copy(send, io.LimitReader(zeros{}, 64<<20))
		send.Close()
		if got := <-done; got.body != fmt.Sprint(64<<20) {
			t.Errorf("%d of the body arrived: %s", got.status, got.body)
		}
	}
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }
