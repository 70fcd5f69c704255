package requests

import (
	"context"
	"fmt"
	"net"
	"net/http"
	"net/netip"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

type key struct{}

// VarName is where dispatch leaves the record in Caddy's variables: these outlive the first pass and are
// there in errors.routes, where the context is not.
const VarName = "argos"

const maxUserAgent = 512

// Record is one request as we see it. Its fields are written by the handler's goroutine only; the
// registry reads those that are set before Enter.
type Record struct {
	ID         string // shown to people, in the log and on refusal pages
	HostID     string
	HostSerial uint64 // which edition of the host serves it
	Name       string // the canonical name it came for
	Client     netip.Addr
	Secure     bool // it came over TLS, to us or to a listed proxy
	UserAgent  string

	// What was lifted out of the request. Never printed, never sent upstream.
	Cookies []Cookie
	token   Credential
	Twice   bool // it showed more than one credential of a kind

	// What the stages found, for the log.
	Policy, Pool, Target, Stage, Verdict string
	FactsKept                            bool // the gate knew who it was without asking

	identity atomic.Pointer[Identity]

	conn  net.Conn            // HTTP/1: the connection itself, also after a hijack
	inner http.ResponseWriter // the server's own, under all wrappers
	proto int
	shard uint8

	mu           sync.Mutex
	cancel       context.CancelCauseFunc
	done, killed bool
}

// Cookie is one of ours.
type Cookie struct{ Name, Value string }

// New makes the record of a request.
func New(w http.ResponseWriter, r *http.Request) *Record {
	rec := &Record{ID: newID(), UserAgent: r.UserAgent(), proto: r.ProtoMajor, inner: innermost(w)}
	if len(rec.UserAgent) > maxUserAgent {
		rec.UserAgent = strings.ToValidUTF8(rec.UserAgent[:maxUserAgent], "")
	}
	rec.conn, _ = r.Context().Value(connKey{}).(net.Conn)
	return rec
}

// From finds the record in a request's context; nil outside dispatch.
func From(ctx context.Context) *Record {
	rec, _ := ctx.Value(key{}).(*Record)
	return rec
}

// RemoteAddr is the client's address in the form of http.Request.RemoteAddr; its port is not known.
func (r *Record) RemoteAddr() string { return netip.AddrPortFrom(r.Client, 0).String() }

// Killed tells whether the request has been cancelled.
func (r *Record) Killed() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.killed
}

// End cancels this request alone; one that is over already is not touched.
func (r *Record) End() { r.kill() }

func (r *Record) kill() {
	r.mu.Lock()
	r.killed = true
	cancel := r.cancel
	r.mu.Unlock()
	cancel(ErrCancelled)
	time.AfterFunc(hardAfter, r.hard)
}

// hard ends a request whose handler has not noticed. Deadlines go to the innermost writer: Caddy's
// IdleTimeoutWriter may not be used from another goroutine. For HTTP/2 and 3 they end this stream only.
func (r *Record) hard() {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.done {
		return
	}
	if r.proto == 1 && r.conn != nil {
		_ = r.conn.Close()
		return
	}
	past := time.Unix(1, 0)
	if d, ok := r.inner.(interface{ SetWriteDeadline(time.Time) error }); ok {
		_ = d.SetWriteDeadline(past)
	}
	if d, ok := r.inner.(interface{ SetReadDeadline(time.Time) error }); ok {
		_ = d.SetReadDeadline(past)
	}
}

func innermost(w http.ResponseWriter) http.ResponseWriter {
	for {
		u, ok := w.(interface{ Unwrap() http.ResponseWriter })
		if !ok {
			return w
		}
		w = u.Unwrap()
	}
}

type connKey struct{}

// KeepConn makes a server's connections known to New; called while the server is provisioned.
func KeepConn(srv *caddyhttp.Server) {
	srv.RegisterConnContext(func(ctx context.Context, c net.Conn) context.Context {
		if ctx.Value(connKey{}) != nil { // the server's second dispatch asked, too
			return ctx
		}
		return context.WithValue(ctx, connKey{}, c)
	})
}

// The record holds secrets and stands where placeholders and logs can reach it: it prints nothing.

func (*Record) String() string { return "" }

// Format prints nothing.
func (*Record) Format(fmt.State, rune) {}

// MarshalJSON prints null.
func (*Record) MarshalJSON() ([]byte, error) { return []byte("null"), nil }
