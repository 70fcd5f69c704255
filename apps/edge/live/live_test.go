package live

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

// Stand-ins for a pool and a handler, so that this package is tested by itself.

func init() {
	caddy.RegisterModule(new(stubPool))
	caddy.RegisterModule(new(stubHandler))
	caddy.RegisterModule(new(stubPoolHandler))
	allowedHandlers = append(allowedHandlers, "stub")
}

var cleaned, active atomic.Int64

type stubPool struct {
	ID   string          `json:"id"`
	Pool json.RawMessage `json:"pool"`
}

func (*stubPool) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "argos.pool", New: func() caddy.Module { return new(stubPool) }}
}

func (p *stubPool) Provision(caddy.Context) error {
	switch string(p.Pool) {
	case `"bad"`:
		return fmt.Errorf("targets[0].dial: no good")
	case `"panic"`:
		panic("boom")
	}
	return nil
}
func (*stubPool) Activate()      { active.Add(1) }
func (*stubPool) Retire()        { active.Add(-1000) }
func (*stubPool) Cleanup() error { cleaned.Add(1); return nil }
func (*stubPool) ServeHTTP(http.ResponseWriter, *http.Request, caddyhttp.Handler) error {
	return nil
}

type stubHandler struct{ Say string }

func (*stubHandler) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.stub", New: func() caddy.Module { return new(stubHandler) }}
}
func (*stubHandler) Cleanup() error { cleaned.Add(1); return nil }
func (h *stubHandler) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	w.Header().Add("Said", h.Say)
	return next.ServeHTTP(w, r)
}

type stubPoolHandler struct{ Pool string }

func (*stubPoolHandler) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.argos_pool", New: func() caddy.Module { return new(stubPoolHandler) }}
}
func (h *stubPoolHandler) ServeHTTP(w http.ResponseWriter, r *http.Request, _ caddyhttp.Handler) error {
	p := AcquirePool(h.Pool)
	defer p.Release()
	return p.ServeHTTP(w, r)
}

func testContext(t testing.TB) caddy.Context {
	t.Helper()
	ctx, cancel := caddy.NewContext(caddy.Context{Context: context.Background()})
	t.Cleanup(func() {
		hosts, pools := IDs()
		Swap(ctx, Set{}, hosts, pools)
		cancel()
	})
	return ctx
}

const gateJSON = `{"handler":"argos_gate","policy":{"kind":"public"}}`

func hostJSON(more string, names ...string) json.RawMessage {
	list, _ := json.Marshal(names)
	return fmt.Appendf(nil, `{"names":%s,"tls":"internal","handle":[%s%s]}`, list, gateJSON, more)
}

func hosts(kv ...any) Set {
	s := Set{Hosts: map[string]json.RawMessage{}, Pools: map[string]json.RawMessage{}}
	for i := 0; i < len(kv); i += 2 {
		s.Hosts[kv[i].(string)] = kv[i+1].(json.RawMessage)
	}
	return s
}

func TestFragmentsAreChecked(t *testing.T) {
	ctx := testContext(t)
	Configure(Settings{Panel: Panel{Names: []string{"panel.test"}}})
	defer Configure(Settings{})
	ok := `,{"handler":"stub","Say":"x"}`
	for name, c := range map[string]struct{ raw, field, words string }{
		"no JSON":                {`nope`, "", "not a host"},
		"an unknown field":       {`{"names":["a.test"],"tls":"auto","handel":[]}`, "", "handel"},
		"no names":               {`{"names":[],"tls":"auto","handle":[]}`, "names", "1 to"},
		"upper case":             {string(hostJSON(ok, "A.test")), "names[0]", "'A'"},
		"CF-01 a brace":          {string(hostJSON(ok, "a.test", `a.com"}`)), "names[1]", `'"'`},
		"CF-01 a placeholder":    {string(hostJSON(ok, "{env.X}")), "names[0]", "'{'"},
		"CF-01 an empty label":   {string(hostJSON(ok, "a..b")), "names[0]", "label"},
		"CF-01 a trailing dot":   {string(hostJSON(ok, "a.test.")), "names[0]", "label"},
		"CF-01 a wide wildcard":  {string(hostJSON(ok, "*.com")), "names[0]", "wildcard"},
		"a star within":          {string(hostJSON(ok, "a*.test")), "names[0]", "'*'"},
		"two stars":              {string(hostJSON(ok, "*.*.test")), "names[0]", "'*'"},
		"CF-01 254 characters":   {string(hostJSON(ok, strings.Repeat("abcdefgh.", 28)+"ab")), "names[0]", "253"},
		"CF-01 an address":       {string(hostJSON(ok, "10.0.0.1")), "names[0]", "address"},
		"CF-01 the panel's name": {string(hostJSON(ok, "panel.test")), "names[0]", "panel"},
		"twice":                  {string(hostJSON(ok, "a.test", "a.test")), "names[1]", "twice"},
		"another TLS":            {`{"names":["a.test"],"tls":"maybe","handle":[{}]}`, "tls", "maybe"},
		"no handlers":            {`{"names":["a.test"],"tls":"auto","handle":[]}`, "handle", "handlers"},
		"no gate":                {`{"names":["a.test"],"tls":"auto","handle":[{"handler":"stub"}]}`, "handle[0]", "gate"},
		"two gates":              {string(hostJSON(","+gateJSON, "a.test")), "handle[1]", "gate"},
		"a handler of Caddy's that is not on the list": {string(hostJSON(`,{"handler":"reverse_proxy"}`, "a.test")), "handle[1]", "not allowed"},
		"a module's own refusal":                       {string(hostJSON(`,{"handler":"stub","Say":7}`, "a.test")), "handle[1]", "Say"},
		"a policy nobody knows":                        {`{"names":["a.test"],"tls":"auto","handle":[{"handler":"argos_gate","policy":{"kind":"moon"}}]}`, "handle[0].policy.kind", `"moon"`},
		"a pool that is not there":                     {string(hostJSON(`,{"handler":"argos_pool","pool":"p"}`, "a.test")), "handle[1].pool", "no pool p"},
		"CF-02 a placeholder that reads the machine":   {string(hostJSON(`,{"handler":"stub","Say":"a{env.X}"}`, "a.test")), "handle[1]", "{env."},
		"CF-02 after an escaped one":                   {string(hostJSON(`,{"handler":"stub","Say":"\\{env.X} {env.X}"}`, "a.test")), "handle[1]", "{env."},
	} {
		t.Run(name, func(t *testing.T) {
			got := Validate(ctx, hosts("h", json.RawMessage(c.raw)))
			r, refused := got["host:h"]
			if !refused || r.Field != c.field || !strings.Contains(r.Message, c.words) {
				t.Errorf("%+v", got)
			}
			if strings.Contains(r.Message, "http.handlers") {
				t.Errorf("Caddy's prefix: %s", r.Message)
			}
		})
	}
	if got := Validate(ctx, hosts("h", hostJSON(`,{"handler":"stub","Say":"\\{env.X}"}`, "a.test", "*.b.test", "_x.test", "xn--bcher-kva.test"))); len(got) > 0 {
		t.Errorf("%+v", got)
	}
	if h, _ := IDs(); len(h) > 0 {
		t.Error("validating made something live")
	}
}

func TestPoolsAreChecked(t *testing.T) {
	ctx := testContext(t)
	set := Set{Pools: map[string]json.RawMessage{"a": []byte(`"bad"`), "b": []byte(`"panic"`), "c": []byte(`"good"`), "d": []byte(`{`)}}
	got := Swap(ctx, set, nil, nil)
	if len(got) != 3 || got["pool:a"].Field != "targets[0].dial" || got["pool:a"].Message != "no good" || !strings.Contains(got["pool:b"].Message, "boom") {
		t.Errorf("%+v", got)
	}
	if _, pools := IDs(); len(pools) != 1 || pools[0] != "c" {
		t.Errorf("%v", pools)
	}
}

func TestANameHasOneHost(t *testing.T) {
	ctx := testContext(t)
	got := Swap(ctx, hosts("h1", hostJSON("", "a.test", "b.test"), "h2", hostJSON("", "c.test", "b.test")), nil, nil)
	if len(got) != 1 || got["host:h2"].Field != "names[1]" || !strings.Contains(got["host:h2"].Message, "h1") {
		t.Errorf("%+v", got)
	}
	if got := Swap(ctx, hosts("h2", hostJSON("", "c.test")), nil, nil); len(got) > 0 {
		t.Fatal(got)
	}
	// Names change hands within one swap, also in a ring.
	if got := Swap(ctx, hosts("h1", hostJSON("", "c.test")), []string{"h2"}, nil); len(got) > 0 {
		t.Errorf("moved to a host: %+v", got)
	}
	Swap(ctx, hosts("h2", hostJSON("", "d.test")), nil, nil)
	if got := Swap(ctx, hosts("h1", hostJSON("", "d.test"), "h2", hostJSON("", "c.test")), nil, nil); len(got) > 0 {
		t.Errorf("exchanged: %+v", got)
	}
	// A refused host keeps its old name, so the one that wanted it is refused as well.
	got = Swap(ctx, hosts("h1", hostJSON(`,{"handler":"no"}`, "x.test"), "h3", hostJSON("", "d.test")), nil, nil)
	if len(got) != 2 || got["host:h3"].Field != "names[0]" {
		t.Errorf("%+v", got)
	}
	for name, id := range map[string]string{"d.test": "h1", "c.test": "h2", "a.test": "", "x.test": ""} {
		if h := Find(name); h == nil && id != "" || h != nil && h.ID != id {
			t.Errorf("%s belongs to %v", name, h)
		}
	}
}

func TestLookup(t *testing.T) {
	ctx := testContext(t)
	Swap(ctx, hosts("exact", hostJSON("", "a.w.test"), "wild", hostJSON("", "*.w.test"), "deep", hostJSON("", "*.b.w.test")), nil, nil)
	for name, want := range map[string]string{
		"a.w.test": "exact", "b.w.test": "wild", "x.b.w.test": "deep", "y.x.b.w.test": "", "w.test": "", "": "", ".w.test": "", "*.w.test": "wild",
	} {
		h, got := Find(name), ""
		if h != nil {
			got = h.ID
			h.Release()
		}
		if got != want {
			t.Errorf("%q: %q, want %q", name, got, want)
		}
	}
}

func TestOldHandlersAreCleanedUpWithTheirLastRequest(t *testing.T) {
	ctx := testContext(t)
	stub := `,{"handler":"stub","Say":"one"}`
	Swap(ctx, hosts("h", hostJSON(stub, "a.test")), nil, nil)
	before := cleaned.Load()
	open, second := Find("a.test"), Find("a.test")
	Swap(ctx, hosts("h", hostJSON(stub, "a.test")), nil, nil)
	second.Release()
	if cleaned.Load() != before {
		t.Fatal("cleaned up under an open request")
	}
	w := httptest.NewRecorder()
	if err := open.ServeHTTP(w, httptest.NewRequest("GET", "/", nil)); err == nil || w.Header().Get("Said") != "one" {
		t.Errorf("the old edition no longer serves: %v", err)
	}
	open.Release()
	if cleaned.Load() != before+1 {
		t.Error("not cleaned up")
	}

	before = cleaned.Load()
	for range 20 {
		Validate(ctx, hosts("h", hostJSON(stub, "a.test")))
		Swap(ctx, hosts("h", hostJSON(stub+`,{"handler":"no"}`, "a.test")), nil, nil)
	}
	if cleaned.Load() != before+40 {
		t.Errorf("what was thrown away is not cleaned up: %d of 40", cleaned.Load()-before)
	}
}

func TestAnOldPoolIsCleanedUpWithItsLastRequest(t *testing.T) {
	ctx := testContext(t)
	set := func(as string) Set { return Set{Pools: map[string]json.RawMessage{"p": []byte(as)}} }
	Swap(ctx, set(`"one"`), nil, nil)
	open := AcquirePool("p")
	before := cleaned.Load()
	Swap(ctx, set(`"two"`), nil, nil)
	if cleaned.Load() != before {
		t.Error("cleaned up under an open request")
	}
	open.Release()
	if cleaned.Load() != before+1 {
		t.Error("not cleaned up")
	}
}

func TestALoadReplacesEverythingAndKeepsWhatItRefuses(t *testing.T) {
	ctx := testContext(t)
	first := hosts("kept", hostJSON("", "kept.test"), "gone", hostJSON("", "gone.test"))
	first.Pools["p"] = []byte(`"one"`)
	Swap(ctx, first, nil, nil)

	next := hosts("kept", hostJSON(`,{"handler":"no"}`, "kept.test"), "new", hostJSON("", "new.test"), "never", hostJSON(`,{"handler":"no"}`, "never.test"))
	next.Pools["p"] = []byte(`"bad"`)
	p, refused := Prepare(ctx, next)
	if len(refused) != 3 {
		t.Errorf("%+v", refused)
	}
	if Find("gone.test") == nil || Find("new.test") != nil {
		t.Error("preparing changed what is live")
	}
	effective := p.Effective()
	if len(effective.Hosts) != 2 || string(effective.Hosts["kept"]) != string(first.Hosts["kept"]) || string(effective.Pools["p"]) != `"one"` {
		t.Errorf("%s", effective)
	}
	p.Commit()
	p.Discard() // after a commit: nothing
	if Find("gone.test") != nil || Find("kept.test") == nil || Find("new.test") == nil || Find("never.test") != nil {
		t.Error("not what was prepared")
	}
	if now := Current(); len(now.Hosts) != 2 || len(now.Pools) != 1 {
		t.Errorf("%v", now)
	}

	before := cleaned.Load()
	p, _ = Prepare(ctx, hosts("x", hostJSON(`,{"handler":"stub"}`, "x.test")))
	p.Discard()
	p.Discard()
	if cleaned.Load() != before+1 || Find("x.test") != nil {
		t.Error("a discarded table leaves something")
	}
}

func TestNamesForCertificates(t *testing.T) {
	ctx := testContext(t)
	set := hosts(
		"a", json.RawMessage(`{"names":["b.test","a.test"],"tls":"auto","handle":[`+gateJSON+`]}`),
		"i", hostJSON("", "i.test"),
		"n", json.RawMessage(`{"names":["n.test"],"tls":"none","handle":[`+gateJSON+`]}`),
		"o", json.RawMessage(`{"names":["o.test"],"tls":"auto","off":true,"handle":[`+gateJSON+`]}`),
	)
	Swap(ctx, set, nil, nil)
	auto, internal := Names()
	if fmt.Sprint(auto, internal) != "[a.test b.test] [i.test]" {
		t.Errorf("%v %v", auto, internal)
	}
	for name, known := range map[string]bool{"a.test": true, "i.test": true, "n.test": false, "o.test": false, "": false} {
		if Known(name) != known {
			t.Errorf("%s", name)
		}
	}
}

func BenchmarkFind(b *testing.B) {
	ctx := testContext(b)
	for _, n := range []int{1, 5000} {
		set := hosts()
		for i := range n {
			set.Hosts[fmt.Sprintf("h%d", i)] = hostJSON("", fmt.Sprintf("n%d.test.example", i))
		}
		Swap(ctx, set, nil, nil)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					Find("n0.test.example").Release()
				}
			})
		})
		b.Run(fmt.Sprint("swap/", n), func(b *testing.B) {
			for b.Loop() {
				Swap(ctx, hosts("h0", hostJSON("", "n0.test.example")), nil, nil)
			}
		})
	}
}
