package dispatch_test

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"
)

// upstream is a real server that says what it was sent.
type upstream struct {
	*httptest.Server
	hits    atomic.Int64
	ended   atomic.Int64 // streams whose end the upstream has seen
	waiting atomic.Int64 // requests that are held
	release chan struct{}
}

func (u *upstream) addr() string { return u.Listener.Addr().String() }

// seen is what an upstream was sent.
type seen struct {
	Host    string
	URI     string
	Method  string
	Header  http.Header
	Trailer http.Header
	Body    string
}

func anUpstream(t *testing.T) *upstream {
	t.Helper()
	u := &upstream{release: make(chan struct{})}
	mux := http.NewServeMux()
	mux.HandleFunc("/", func(w http.ResponseWriter, r *http.Request) {
		u.hits.Add(1)
		body, _ := io.ReadAll(r.Body)
		for _, c := range r.URL.Query()["set"] {
			w.Header().Add("Set-Cookie", c)
		}
		json.NewEncoder(w).Encode(seen{r.Host, r.RequestURI, r.Method, r.Header, r.Trailer, string(body)})
	})
	mux.HandleFunc("/hold", func(w http.ResponseWriter, r *http.Request) {
		u.waiting.Add(1)
		defer u.waiting.Add(-1)
		select {
		case <-u.release:
			io.WriteString(w, "held")
		case <-r.Context().Done():
		}
	})
	mux.HandleFunc("/events", func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/event-stream")
		fmt.Fprint(w, "data: first\n\n")
		w.(http.Flusher).Flush()
		<-r.Context().Done()
		u.ended.Add(1)
	})
	mux.HandleFunc("/flood", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/octet-stream")
		chunk := make([]byte, 64<<10)
		for {
			if _, err := w.Write(chunk); err != nil {
				u.ended.Add(1)
				return
			}
		}
	})
	mux.HandleFunc("/socket", func(w http.ResponseWriter, _ *http.Request) {
		conn, rw, err := w.(http.Hijacker).Hijack()
		if err != nil {
			return
		}
		defer conn.Close()
		defer u.ended.Add(1)
		io.WriteString(conn, "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: x\r\nSet-Cookie: __Host-argos=forged\r\n\r\n")
		io.Copy(conn, rw)
	})
	u.Server = httptest.NewServer(mux)
	t.Cleanup(func() {
		u.CloseClientConnections()
		u.Close()
	})
	return u
}

func parse(t *testing.T, got answer) seen {
	t.Helper()
	var s seen
	if err := json.Unmarshal([]byte(got.body), &s); err != nil {
		t.Fatalf("status %d, body %q: %v", got.status, got.body, err)
	}
	return s
}

const upgrade = "GET /socket HTTP/1.1\r\nHost: %s\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Key: x\r\nSec-WebSocket-Version: 13\r\n\r\n"

// socket opens a WebSocket through the edge; the upstream echoes raw bytes, frames are not its business.
func socket(t *testing.T, host string) *echo {
	t.Helper()
	conn := dial(t, httpsPort, host)
	t.Cleanup(func() { conn.Close() })
	fmt.Fprintf(conn, upgrade, host)
	conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	var head []byte
	for one := make([]byte, 1); !strings.HasSuffix(string(head), "\r\n\r\n"); head = append(head, one[0]) {
		if _, err := conn.Read(one); err != nil {
			t.Fatalf("handshake: %v after %q", err, head)
		}
	}
	if !strings.HasPrefix(string(head), "HTTP/1.1 101") {
		t.Fatalf("handshake: %q", head)
	}
	return &echo{conn, string(head)}
}

type echo struct {
	conn interface {
		io.ReadWriteCloser
		SetReadDeadline(time.Time) error
	}
	head string
}

func (e *echo) alive(words string) error {
	if _, err := io.WriteString(e.conn, words); err != nil {
		return err
	}
	e.conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	got := make([]byte, len(words))
	if _, err := io.ReadFull(e.conn, got); err != nil {
		return err
	}
	if string(got) != words {
		return fmt.Errorf("got %q", got)
	}
	return nil
}
