package gate

import (
	"crypto/sha256"
	"net/http"
	"net/http/httptest"
	"net/netip"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"argos/edge/requests"
)

func TestPublicPasses(t *testing.T) {
	passed := false
	next := caddyhttp.HandlerFunc(func(http.ResponseWriter, *http.Request) error { passed = true; return nil })
	g := &Gate{Policy: *policyOf(t, `{"kind":"public"}`)}
	if err := g.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), next); err != nil || !passed {
		t.Errorf("%v %v", err, passed)
	}
}

func TestOutsideDispatchNobodyPasses(t *testing.T) {
	next := caddyhttp.HandlerFunc(func(http.ResponseWriter, *http.Request) error { t.Error("passed"); return nil })
	for _, g := range []*Gate{{Policy: *policyOf(t, `{"kind":"rules","any":[{}]}`)}, {Policy: Policy{Kind: rules, Any: []Clause{{}}}}, {}} {
		if err := g.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), next); err == nil {
			t.Error("no error")
		}
	}
}

// What the gate adds to a request: of a stranger, of somebody it knows, and of one whom place lets in.
func BenchmarkGate(b *testing.B) {
	token := strings.Repeat("a", 43)
	f, err := read([]byte(`{"session":"s_1","source":"session","until":4102444800000,"groups":["g_1"],"person":{"id":"u_1","username":"anna","name":"Anna","email":"a@b.c","groups":["x","y"],"provider":"local"}}`), nil, key{}, time.Now())
	if err != nil {
		b.Fatal(err)
	}
	f.deadline = time.Now().Add(time.Hour)
	process.store.put(key{sum: sha256.Sum256([]byte(token)), host: "h_1", by: requests.ByCookie}, f, never)
	defer Evict(Eviction{All: true})
	next := caddyhttp.HandlerFunc(func(http.ResponseWriter, *http.Request) error { return nil })
	for name, raw := range map[string]string{
		"public": `{"kind":"public"}`, "known": `{"kind":"rules","any":[{"groups":["g_1"]}],"paths":[{"prefix":"/share","kind":"public"}]}`, "place": `{"kind":"rules","any":[{"networks":["10.0.0.0/8"]}]}`,
	} {
		b.Run(name, func(b *testing.B) {
			g := &Gate{Policy: *policyOf(b, raw), Keep: true}
			w, r := httptest.NewRecorder(), httptest.NewRequest("GET", "/some/page/of/an/app.js", nil)
			rec := requests.New(w, r)
			rec.HostID, rec.Client, rec.Secure = "h_1", netip.MustParseAddr("10.0.0.1"), true
			rec.LiftCookies(http.Header{"Cookie": {"__Host-argos=" + token}}, false)
			r = r.WithContext(rec.Enter(r.Context()))
			defer rec.Leave()
			b.ReportAllocs()
			for b.Loop() {
				if err := g.ServeHTTP(w, r, next); err != nil || w.Code != 200 {
					b.Fatal(err, w.Code)
				}
			}
		})
	}
}
