package dispatch_test

import (
	"bufio"
	"context"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"

	"argos/edge/live"
	"argos/edge/requests"
)

// Every way in which a stream can be open, and how long after the host is gone its ends may still hold.
func TestAHostThatIsGoneOrOffLosesItsStreams(t *testing.T) {
	for _, end := range []struct {
		name string
		do   func()
	}{
		{"removed", func() { live.Swap(caddy.ActiveContext(), live.Set{}, []string{"h_a"}, nil) }},
		{"off", func() { swap(map[string]m{"h_a": with(aHost("p", "a.test"), m{"off": true})}, nil) }},
		{"renamed", func() { swap(map[string]m{"h_a": aHost("p", "c.test")}, nil) }},
		{"removed by a load", func() {
			set := live.Current()
			delete(set.Hosts, "h_a")
			if err := caddy.Load(config(set, int(time.Now().UnixNano())), false); err != nil {
				panic(err)
			}
		}},
	} {
		t.Run(end.name, func(t *testing.T) {
			up := anUpstream(t)
			serve(t, map[string]m{"h_a": aHost("p", "a.test"), "h_b": aHost("p", "b.test")}, map[string]m{"p": aPool(up.addr())})
			eventually(t, 5*time.Second, "nothing open from before", func() bool { return requests.Open() == 0 })

			ended := make(chan string, 10)
			watch := func(name string, r io.Reader) {
				go func() {
					io.Copy(io.Discard, r)
					ended <- name
				}()
			}
			for _, h2 := range []bool{false, true} {
				res, err := client(t, h2, "").Get("https://a.test/events")
				if err != nil {
					t.Fatal(err)
				}
				defer res.Body.Close()
				if res.ProtoMajor == 2 != h2 {
					t.Fatalf("spoke %s", res.Proto)
				}
				watch(fmt.Sprint("events, HTTP/2 ", h2), res.Body)
			}
			ws := socket(t, "a.test")
			if err := ws.alive("hello"); err != nil {
				t.Fatal(err)
			}
			ws.conn.SetReadDeadline(time.Time{})
			watch("socket", ws.conn)

			stalled1(t, "a.test")
			stalled2(t, "a.test")
			other := socket(t, "b.test")
			eventually(t, 5*time.Second, "six streams", func() bool { return requests.Open() == 6 })

			start := time.Now()
			end.do()
			for range 3 {
				select {
				case <-ended:
				case <-time.After(200 * time.Millisecond):
					t.Error("a stream that listens goes on after 200 ms")
				}
			}
			eventually(t, time.Second-time.Since(start), "only the other host's stream is open", func() bool {
				return requests.Open() == 1 && up.ended.Load() == 5
			})
			if err := other.alive("still here"); err != nil {
				t.Errorf("the other host's stream: %v", err)
			}
		})
	}
}

// stalled1 asks for an endless answer over HTTP/1 and does not read it.
func stalled1(t *testing.T, host string) {
	t.Helper()
	conn := dial(t, httpsPort, host)
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, "GET /flood HTTP/1.1\r\nHost: %s\r\n\r\n", host)
	if _, err := bufio.NewReader(conn).ReadString('\n'); err != nil {
		t.Fatal(err)
	}
}

// stalled2 does so over HTTP/2: the stream's window stays shut.
func stalled2(t *testing.T, host string) {
	t.Helper()
	tr := &http.Transport{
		ForceAttemptHTTP2: true,
		DialTLSContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			d := tls.Dialer{Config: &tls.Config{InsecureSkipVerify: true, ServerName: host, NextProtos: []string{"h2"}}}
			return d.DialContext(ctx, "tcp", at(httpsPort))
		},
	}
	t.Cleanup(tr.CloseIdleConnections)
	res, err := (&http.Client{Transport: tr}).Get("https://" + host + "/flood")
	if err != nil {
		t.Fatal(err)
	}
	if res.ProtoMajor != 2 {
		t.Fatalf("spoke %s", res.Proto)
	}
	t.Cleanup(func() { res.Body.Close() })
}

func TestACancelledRequestThatWaitsGetsAPage(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	held := hold(t, up, "https://a.test/hold")
	live.Swap(caddy.ActiveContext(), live.Set{}, []string{"h_a"}, nil)
	select {
	case got := <-held:
		contains(t, got, "503", "Not available now")
	case <-time.After(time.Second):
		t.Error("still waiting")
	}
	eventually(t, time.Second, "the upstream was told", func() bool { return up.waiting.Load() == 0 })
}

func TestTheNextRequestOfAConnectionIsNotHit(t *testing.T) {
	up := anUpstream(t)
	hosts := map[string]m{"h_a": with(aHost("p", "plain.test"), m{"tls": "none"}), "h_b": with(aHost("p", "other.test"), m{"tls": "none"})}
	serve(t, hosts, map[string]m{"p": aPool(up.addr())})
	conn := dial(t, httpPort, "")
	defer conn.Close()
	read := bufio.NewReader(conn)
	ask := func(host, path string) int {
		t.Helper()
		fmt.Fprintf(conn, "GET %s HTTP/1.1\r\nHost: %s\r\n\r\n", path, host)
		res, err := http.ReadResponse(read, nil)
		if err != nil {
			t.Fatal(err)
		}
		io.Copy(io.Discard, res.Body)
		return res.StatusCode
	}
	go func() {
		eventually(t, 5*time.Second, "held", func() bool { return up.waiting.Load() == 1 })
		live.Swap(caddy.ActiveContext(), live.Set{}, []string{"h_a"}, nil)
	}()
	if got := ask("plain.test", "/hold"); got != 503 {
		t.Fatalf("cancelled: %d", got)
	}
	// The hard end of the first falls into the second, which is held on the same connection.
	go func() {
		eventually(t, 5*time.Second, "held again", func() bool { return up.waiting.Load() == 1 })
		time.Sleep(400 * time.Millisecond)
		close(up.release)
	}()
	if got := ask("other.test", "/hold"); got != 200 {
		t.Errorf("the next request: %d", got)
	}
}
