package main

import (
	"bufio"
	"crypto/tls"
	"fmt"
	"io"
	"net"
	"net/http"
	"testing"
	"time"
)

// echoes is an upstream that switches protocols and says back every line.
func echoes(t *testing.T) m {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	t.Cleanup(func() { ln.Close() })
	go func() {
		for {
			conn, err := ln.Accept()
			if err != nil {
				return
			}
			go func() {
				defer conn.Close()
				in := bufio.NewReader(conn)
				if _, err := http.ReadRequest(in); err != nil {
					return
				}
				_, _ = io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n")
				_, _ = io.Copy(conn, in)
			}()
		}
	}()
	return m{"targets": a{m{"dial": ln.Addr().String(), "weight": 1}}, "protocol": "http", "verify_tls": true, "preserve_host": true,
		"health": m{"kind": "off", "path": "/", "interval_s": 15, "timeout_s": 5}}
}

// proxied is a host that leads to the pool p.
func proxied(name string) m {
	host := says(name, "")
	host["handle"].(a)[1] = m{"handler": "argos_pool", "pool": "p"}
	return host
}

// stream is a connection of a visitor that stays open.
type stream struct {
	net.Conn
	in *bufio.Reader
}

func (e *edge) stream(name string) *stream {
	e.t.Helper()
	conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", e.http))
	must(e.t, err)
	e.t.Cleanup(func() { conn.Close() })
	s := &stream{conn, bufio.NewReader(conn)}
	fmt.Fprintf(conn, "GET / HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: echo\r\n\r\n", name)
	res, err := http.ReadResponse(s.in, nil)
	must(e.t, err)
	want(e.t, "a stream of "+name, res.StatusCode, 101)
	return s
}

func (s *stream) say(line string) error {
	_ = s.SetDeadline(time.Now().Add(10 * time.Second))
	if _, err := io.WriteString(s, line+"\n"); err != nil {
		return err
	}
	if got, err := s.in.ReadString('\n'); err != nil || got != line+"\n" {
		return fmt.Errorf("%q: %w", got, err)
	}
	return nil
}

func (s *stream) lives(t *testing.T, what string) {
	t.Helper()
	if err := s.say("still here"); err != nil {
		t.Errorf("%s is cut: %v", what, err)
	}
}

// cut waits until nothing comes back any more; a stream that lives answers in time.
func (s *stream) cut(t *testing.T, what string) {
	t.Helper()
	_ = s.SetReadDeadline(time.Now().Add(10 * time.Second))
	_, err := s.in.ReadByte()
	if e, timeout := err.(net.Error); err == nil || timeout && e.Timeout() {
		t.Errorf("%s is still open: %v", what, err)
	}
}

func streamedEdge(t *testing.T) *edge {
	e := startEdge(t)
	got := e.load(m{"base": e.base(nil), "generation": 1, "pools": m{"p": echoes(t)},
		"hosts": m{"h_a": proxied("a.test"), "h_b": proxied("b.test"), "h_v": says("v.test", "v")}})
	if got.status != 200 || len(got.body["refused"].(m)) > 0 {
		t.Fatalf("%d %v", got.status, got.body)
	}
	return e
}

func TestF32AWayBackByASwapCutsOnlyTheStreamsOfWhatIsGoneByIt(t *testing.T) {
	e := streamedEdge(t)
	untouched, touched, gone := e.stream("a.test"), e.stream("b.test"), e.stream("b.test")
	stop := e.hammer("v.test")
	more := proxied("b.test")
	more["names"] = a{"b.test", "b2.test"}
	got := e.swap(m{"generation": 2, "hosts": m{"h_b": more, "h_c": proxied("c.test")}, "confirm": m{"id": "one", "within_s": 60}})
	want(t, "status", got.status, 200)
	added, renamed := e.stream("c.test"), e.stream("b2.test")
	want(t, "put back", e.confirmWord("revert", "one").status, 200)
	added.cut(t, "a stream of a host that was not there before")
	renamed.cut(t, "a stream of a name that was not there before")
	untouched.lives(t, "a stream of an untouched host")
	touched.lives(t, "a stream of a name that stayed")

	got = e.swap(m{"generation": 2, "hosts": m{"h_b": nil}, "confirm": m{"id": "two", "within_s": 1}})
	want(t, "status", got.status, 200)
	gone.cut(t, "a stream of a host that is gone for now")
	e.wentBack("two")
	e.stream("b.test").lives(t, "a stream of the host that is back")
	untouched.lives(t, "a stream of an untouched host")
	done, failed := stop()
	if done == 0 || failed > 0 {
		t.Errorf("%d of %d visits of an untouched host failed", failed, done)
	}
}

// A change that is refused has done nothing at all, not even for a moment.
func TestF32ARefusedChangeForALimitedTimeCutsNoStream(t *testing.T) {
	e := streamedEdge(t)
	open := e.stream("b.test")
	got := e.swap(m{"generation": 2, "hosts": m{"h_b": nil, "h_c": proxied("a.test")}, "confirm": m{"id": "one", "within_s": 60}})
	want(t, "status", got.status, 422)
	want(t, "field", got.body["refused"].(m)["host:h_c"].(m)["field"], "names[0]")
	open.lives(t, "a stream of a host that would be gone")
	want(t, "a pool in use", e.swap(m{"generation": 2, "hosts": m{"h_b": nil}, "pools": m{"p": nil},
		"confirm": m{"id": "one", "within_s": 60}}).status, 422)
	open.lives(t, "a stream of a host that would be gone")
}

// The change adds a port, and asks for TLS 1.3.
func TestF32AWayBackByALoadKeepsSocketsAndStreams(t *testing.T) {
	e := streamedEdge(t)
	secure := says("secure.test", "hello")
	secure["tls"] = "internal"
	want(t, "swap", e.swap(m{"generation": 2, "hosts": m{"h_s": secure}}).status, 200)
	old := func() error {
		conn, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", e.https),
			&tls.Config{ServerName: "secure.test", InsecureSkipVerify: true, MaxVersion: tls.VersionTLS12})
		if err == nil {
			conn.Close()
		}
		return err
	}
	e.eventually("TLS 1.2 is spoken", old)
	before, sockets, open := e.info(), e.sockets(), e.stream("a.test")

	port := freePort(t)
	base := e.base(nil)
	servers := base["apps"].(m)["http"].(m)["servers"].(m)
	plain := servers["http"].(m)
	plain["listen"] = append(plain["listen"].(a), fmt.Sprintf("tcp_argos/127.0.0.1:%d", port))
	servers["https"].(m)["tls_connection_policies"] = a{m{"match": m{"argos_known": m{}}, "protocol_min": "tls1.3"}}
	reachable := func() error {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", port))
		if err == nil {
			conn.Close()
		}
		return err
	}
	hosts := m{"h_a": proxied("a.test"), "h_v": says("v.test", "v"), "h_s": secure}
	for _, kept := range []bool{false, true} {
		id := fmt.Sprint("kept-", kept)
		got := e.load(m{"base": base, "generation": 3, "hosts": hosts,
			"pools": m{"p": e.call("GET", "/config/apps/argos/pools/p", nil).body}, "confirm": m{"id": id, "within_s": 60}})
		want(t, "status", got.status, 200)
		must(t, reachable())
		if old() == nil {
			t.Error("TLS 1.2 is still spoken")
		}
		open.lives(t, "a stream over the load")
		if kept {
			want(t, "kept", e.confirmWord("confirm", id).status, 200)
			break
		}
		want(t, "put back", e.confirmWord("revert", id).status, 200)
		want(t, "etag", e.info()["etag"], before["etag"])
		want(t, "hosts", e.info()["hosts"], before["hosts"])
		want(t, "sockets", e.sockets(), sockets)
		if reachable() == nil {
			t.Error("the new port is still open")
		}
		must(t, old())
		open.lives(t, "a stream over the load and the way back")
		e.stream("b.test").lives(t, "a stream of the host that is back")
	}
	e.restart()
	e.eventually("the new port is open after a kill", reachable)
}
