package dispatch_test

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"argos/edge/gate"
	"argos/edge/live"
)

// doorkeeper answers the gate on a unix socket, as the panel does.
type doorkeeper struct {
	t      testing.TB
	socket string
	server *http.Server

	mu      sync.Mutex
	facts   map[string]m // by credential and host
	tickets map[string]m
	said    []m // what it was asked

	asked   atomic.Int64
	answers func(http.ResponseWriter, *http.Request) bool // instead, when it says so
	hold    chan struct{}                                 // each question waits for one
}

func aDoorkeeper(t testing.TB) *doorkeeper {
	t.Helper()
	dir, err := os.MkdirTemp("", "ad") // short: a socket's path has 108 bytes at most
	if err != nil {
		t.Fatal(err)
	}
	d := &doorkeeper{t: t, socket: filepath.Join(dir, "gate.sock"), facts: map[string]m{}, tickets: map[string]m{}}
	d.start()
	before := *live.CurrentSettings()
	now := before
	now.Gate = gate.Settings{Socket: d.socket, Login: "https://panel.test:9443"}
	live.Configure(now)
	t.Cleanup(func() {
		live.Configure(before)
		gate.Evict(gate.Eviction{All: true})
		d.stop()
		os.RemoveAll(dir)
	})
	return d
}

func (d *doorkeeper) start() {
	ln, err := net.Listen("unix", d.socket)
	if err != nil {
		d.t.Fatal(err)
	}
	d.server = &http.Server{Handler: d}
	go d.server.Serve(ln)
}

func (d *doorkeeper) stop() { d.server.Close() }

func (d *doorkeeper) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.asked.Add(1)
	var q m
	if err := json.NewDecoder(r.Body).Decode(&q); err != nil {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	d.mu.Lock()
	d.said = append(d.said, q)
	known := d.facts[fmt.Sprint(q["credential"], " ", q["host"])]
	answers, hold := d.answers, d.hold
	d.mu.Unlock()
	if answers != nil && answers(w, r) {
		return
	}
	if hold != nil {
		select {
		case <-hold:
		case <-r.Context().Done():
			return
		}
	}
	var body any
	switch r.URL.Path {
	case "/facts":
		body = m{"facts": known}
		if known == nil || known["kind"] != nil && known["kind"] != q["kind"] {
			body = m{"facts": nil}
		}
	case "/redeem":
		body = d.redeem(q)
	case "/guest":
		body = m{"token": nil}
		if q["token"] == "guest-link" {
			token := newToken()
			d.know(token, fmt.Sprint(q["host"]), m{"session": "gl_1", "person": nil, "source": "guest", "kind": "guest"})
			body = m{"token": token, "rd": "/album?x=1", "max_age_s": 60}
		}
	case "/logout":
		d.forget(fmt.Sprint(q["credential"]))
		w.WriteHeader(http.StatusNoContent)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	json.NewEncoder(w).Encode(body)
}

func (d *doorkeeper) redeem(q m) m {
	d.mu.Lock()
	ticket := d.tickets[fmt.Sprint(q["ticket"])]
	delete(d.tickets, fmt.Sprint(q["ticket"]))
	d.mu.Unlock()
	sum := sha256.Sum256([]byte(fmt.Sprint(q["nonce"])))
	if ticket == nil || ticket["host"] != q["host"] || ticket["state"] != base64.RawURLEncoding.EncodeToString(sum[:]) {
		return m{"token": nil}
	}
	token := newToken()
	d.know(token, fmt.Sprint(q["host"]), anna())
	return m{"token": token, "rd": ticket["rd"], "max_age_s": 3600}
}

// ticket is what the panel gives to somebody who has signed in there.
func (d *doorkeeper) ticket(host, state, rd string) string {
	raw := newToken()
	d.mu.Lock()
	defer d.mu.Unlock()
	d.tickets[hexOf(raw)] = m{"host": host, "state": state, "rd": rd}
	return raw
}

// know makes a credential somebody's at a host.
func (d *doorkeeper) know(secret, host string, facts m) string {
	full := with(m{"until": time.Now().Add(time.Hour).UnixMilli(), "auth_at": 1, "factor_at": nil, "paths": nil, "groups": a{}, "source": "session"}, facts)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.facts[hexOf(secret)+" "+host] = full
	return secret
}

// signedIn is the cookie of somebody at a host.
func (d *doorkeeper) signedIn(host string, facts m) string {
	return "__Host-argos=" + d.know(newToken(), host, facts)
}

// forget a credential everywhere, and tell nobody.
func (d *doorkeeper) forget(credential string) {
	d.mu.Lock()
	defer d.mu.Unlock()
	for k := range d.facts {
		if k[:64] == credential {
			delete(d.facts, k)
		}
	}
}

func (d *doorkeeper) set(answers func(http.ResponseWriter, *http.Request) bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.answers = answers
}

func (d *doorkeeper) last() m {
	d.mu.Lock()
	defer d.mu.Unlock()
	if len(d.said) == 0 {
		return nil
	}
	return d.said[len(d.said)-1]
}

func (d *doorkeeper) askedFor(secret string) int {
	d.mu.Lock()
	defer d.mu.Unlock()
	n := 0
	for _, q := range d.said {
		if q["credential"] == hexOf(secret) {
			n++
		}
	}
	return n
}

func anna() m {
	return m{"session": "s_anna", "groups": a{"g_family"}, "person": m{"id": "u_anna", "username": "anna", "name": "Anna Ä", "email": "anna@home.test", "groups": a{"family", "film"}, "provider": "local"}}
}

func bob() m {
	return m{"session": "s_bob", "person": m{"id": "u_bob", "username": "bob", "name": "", "email": "", "groups": a{}, "provider": "oidc"}}
}

func newToken() string {
	b := make([]byte, 32)
	rand.Read(b)
	return base64.RawURLEncoding.EncodeToString(b)
}

func hexOf(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}

// guarded is a host with a policy of clauses.
func guarded(name string, clauses a, more m) m {
	h := aHost("p", name)
	policy := with(m{"kind": "rules", "id": "o_1", "any": clauses}, more)
	keep := true
	if policy["keep"] != nil {
		keep = policy["keep"].(bool)
		delete(policy, "keep")
	}
	h["handle"].(a)[0] = m{"handler": "argos_gate", "policy": policy, "keep": keep, "assertion": true}
	return h
}

var people = a{m{"person": true}}
