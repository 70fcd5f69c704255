package dispatch

import (
	"context"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"argos/edge/live"
)

func TestCanonical(t *testing.T) {
	for host, want := range map[string]string{
		"a.test": "a.test", "A.Test": "a.test", "a.test.": "a.test", "a.test:443": "a.test", "A.TEST.:8443": "a.test", "a.test:": "a.test",
		"[::1]:80": "[::1]", "[::1]": "[::1]", "::1": "::1", "10.0.0.1:80": "10.0.0.1", "": "", ":80": "", "a.test..": "a.test.",
	} {
		if got := canonical(host); got != want {
			t.Errorf("FA-10 %q: %q, want %q", host, got, want)
		}
	}
}

func TestClaims(t *testing.T) {
	for name, want := range map[string]bool{
		"X-Auth-User": true, "x_auth_user": true, "X.AUTH_user": true, "Remote-User": true, "remote.groups": true, "X-Argos-": true, "X-Argos-New": true,
		"X-Forwarded-Anything": true, "Forwarded": true, "Cf-Connecting-Ip": true, "True_Client_Ip": true,
		"X-Auth": false, "X-Auth-User-Agent": false, "Remote": false, "Xauthuser": false, "Cookie": false, "": false, "X-Argo": false,
	} {
		if isClaim(name) != want {
			t.Errorf("FA-04 %q", name)
		}
	}
}

func BenchmarkCanonical(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		canonical("app.example.com:8443")
	}
}

func BenchmarkStrip(b *testing.B) {
	r := &http.Request{Header: http.Header{
		"Accept": {"*/*"}, "Accept-Encoding": {"gzip"}, "Accept-Language": {"de"}, "Cookie": {"a=1"}, "User-Agent": {"x"},
		"Referer": {"x"}, "Cache-Control": {"no-cache"}, "X-Requested-With": {"x"}, "Sec-Fetch-Mode": {"cors"}, "Te": {"trailers"},
	}}
	b.ReportAllocs()
	for b.Loop() {
		strip(r)
	}
}

// One request through dispatch and a host without an upstream: what we add to a request.
func BenchmarkDispatch(b *testing.B) {
	ctx, cancel := caddy.NewContext(caddy.Context{Context: context.Background()})
	defer cancel()
	host := json.RawMessage(`{"names":["bench.test"],"tls":"none","handle":[{"handler":"argos_gate","policy":{"kind":"public"}},{"handler":"static_response","body":"x"}]}`)
	if refused := live.Swap(ctx, live.Set{Hosts: map[string]json.RawMessage{"h_bench": host}}, nil, nil); len(refused) > 0 {
		b.Fatal(refused)
	}
	defer live.Swap(ctx, live.Set{}, []string{"h_bench"}, nil)
	d := &Dispatch{Listener: plainHTTP}
	srv := &caddyhttp.Server{}
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "http://bench.test/", nil)
		r = caddyhttp.PrepareRequest(r, caddy.NewReplacer(), w, srv)
		if err := d.ServeHTTP(w, r, nil); err != nil {
			b.Fatal(err)
		}
	}
}

// What the test's own scaffolding costs, to be taken off.
func BenchmarkDispatchScaffold(b *testing.B) {
	srv := &caddyhttp.Server{}
	b.ReportAllocs()
	for b.Loop() {
		w := httptest.NewRecorder()
		r := httptest.NewRequest("GET", "http://bench.test/", nil)
		caddyhttp.PrepareRequest(r, caddy.NewReplacer(), w, srv)
	}
}
