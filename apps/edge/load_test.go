package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net"
	"slices"
	"strings"
	"testing"
)

// etag is what the panel computes for itself.
func etag(t *testing.T, base m, hosts, pools map[string]any) string {
	t.Helper()
	hash := func(v any) string {
		raw, err := json.Marshal(v)
		must(t, err)
		return fmt.Sprintf("%x", sha256.Sum256(raw))
	}
	lines := []string{"base " + hash(base) + "\n"}
	for id, h := range hosts {
		lines = append(lines, "host "+id+" "+hash(h)+"\n")
	}
	for id, p := range pools {
		lines = append(lines, "pool "+id+" "+hash(p)+"\n")
	}
	total := new(big.Int)
	for _, line := range lines {
		sum := sha256.Sum256([]byte(line))
		total.Add(total, new(big.Int).SetBytes(sum[:]))
	}
	total.Mod(total, new(big.Int).Lsh(big.NewInt(1), 256))
	return fmt.Sprintf("%064x", total)
}

func want(t *testing.T, what string, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("%s: %v, want %v", what, got, want)
	}
}

func TestBeforeTheFirstLoadTheSocketAnswersAndNothingListens(t *testing.T) {
	e := startEdge(t)
	info := e.info()
	want(t, "base", info["base"], nil)
	want(t, "listeners", info["listeners"], nil)
	want(t, "boot", info["boot"], m{"from": "nothing", "errors": nil})
	want(t, "config", e.call("GET", "/config/", nil).body, m(nil))
	want(t, "swap", e.swap(m{"generation": 1, "hosts": m{"h_a": says("a.test", "a")}}).status, 409)
	want(t, "validate", e.call("POST", "/argos/validate", m{"hosts": m{}}).status, 409)
	want(t, "certificates", e.call("GET", "/argos/certificates", nil).status, 200)
	want(t, "health", e.call("GET", "/argos/health", nil).status, 200)
}

func TestALoadIsServedAndSavedAndItsEtagIsThePanels(t *testing.T) {
	e := startEdge(t)
	hosts := m{"h_b": says("b.test", "<b> & c"), "h_a-1": says("a.test", "a"), "h_a": says("a0.test", "a0")}
	pools := m{"p_x": m{"targets": a{}, "protocol": "http", "verify_tls": true, "preserve_host": true,
		"health": m{"kind": "off", "path": "/", "interval_s": 15, "timeout_s": 5}}}
	base := e.base(nil)
	got := e.load(m{"base": base, "hosts": hosts, "pools": pools, "generation": 4})
	want(t, "status", got.status, 200)
	want(t, "refused", got.body["refused"], m{})
	want(t, "etag", got.body["etag"], etag(t, base, hosts, pools))
	want(t, "ETag", got.header.Get("ETag"), fmt.Sprintf("%q", got.body["etag"]))
	e.serves("b.test", "<b> & c")

	info := e.info()
	want(t, "etag in info", info["etag"], got.body["etag"])
	want(t, "generation", info["generation"], 4)
	want(t, "saved", info["saved"], true)
	want(t, "failed", info["failed"], nil)
	want(t, "listeners", len(info["listeners"].([]any)), 3)
	want(t, "hosts", slices.Sorted(maps.Keys(info["hosts"].(m))), []string{"h_a", "h_a-1", "h_b"})
	summary := e.call("GET", "/argos/info?summary=1", nil).body
	for _, field := range []string{"hosts", "pools", "modules"} {
		if _, ok := summary[field]; ok {
			t.Errorf("the summary has %s", field)
		}
	}
	config := e.call("GET", "/config/", nil)
	want(t, "admin", config.body["admin"], m{"disabled": true, "config": m{"persist": false}})
	want(t, "generation in the configuration", config.body["apps"].(m)["argos"].(m)["generation"], 4)
	want(t, "a part", e.call("GET", "/config/apps/argos/hosts/h_b/names", nil).status, 200)
	want(t, "no such part", e.call("GET", "/config/apps/nope", nil).status, 404)
	for _, method := range []string{"POST", "PATCH", "PUT", "DELETE"} {
		want(t, method+" /config/", e.call(method, "/config/apps", m{}).status, 405)
	}
}

// The panel's JSON has its keys in its own order, and Caddy sorts what it is given.
func TestTheHashOfAHostIsThatOfTheBytesSentWhateverTheOrderOfItsKeys(t *testing.T) {
	e := startEdge(t)
	raw := func(v m) json.RawMessage {
		handle, err := json.Marshal(v["handle"])
		must(t, err)
		names, err := json.Marshal(v["names"])
		must(t, err)
		return json.RawMessage(fmt.Sprintf(`{"tls":"none","names":%s,"handle":%s}`, names, handle))
	}
	hosts := m{"h_a": raw(says("a.test", "a")), "h_b": raw(says("b.test", "b"))}
	base := e.base(nil)
	got := e.load(m{"base": base, "hosts": hosts, "pools": m{}, "generation": 1})
	want(t, "etag of the load", got.body["etag"], etag(t, base, hosts, m{}))
	e.serves("a.test", "a")
	e.restart()
	e.booted()
	e.serves("a.test", "a")
	want(t, "etag after a restart", e.info()["etag"], etag(t, base, hosts, m{}))
}

func TestAnIdenticalLoadChangesNothing(t *testing.T) {
	e := startEdge(t)
	whole := m{"base": e.base(nil), "hosts": m{"h_a": says("a.test", "a")}, "pools": m{}, "generation": 1}
	first := e.load(whole)
	before := e.call("GET", "/metrics", nil).body["text"].(string)
	again := e.load(whole, "If-Match", "*")
	want(t, "etag", again.body["etag"], first.body["etag"])
	for _, line := range []string{`argos_loads_total{outcome="done"} 1`, "argos_swaps_total 0"} {
		if after := e.call("GET", "/metrics", nil).body["text"].(string); !strings.Contains(before, line) || !strings.Contains(after, line) {
			t.Errorf("metrics lack %s", line)
		}
	}
}

func TestARefusedHostFailsNoLoadAndKeepsWhatItHad(t *testing.T) {
	e := startEdge(t)
	got := e.load(m{"base": e.base(nil), "generation": 1,
		"hosts": m{"h_a": says("a.test", "a"), "h_new": broken("new.test")}})
	want(t, "status", got.status, 200)
	refusal := got.body["refused"].(m)["host:h_new"].(m)
	if refusal["field"] != "handle[1].pool" || !strings.Contains(refusal["message"].(string), "p_missing") {
		t.Errorf("refused: %v", refusal)
	}
	e.serves("a.test", "a")

	base := e.base(m{"max_header_bytes": 65536})
	got = e.load(m{"base": base, "generation": 2, "hosts": m{"h_a": broken("a.test"), "h_b": says("b.test", "b")}})
	want(t, "status", got.status, 200)
	want(t, "etag", got.body["etag"], etag(t, base, m{"h_a": says("a.test", "a"), "h_b": says("b.test", "b")}, nil))
	e.serves("a.test", "a")
	e.serves("b.test", "b")
	info := e.info()
	want(t, "failed", slices.Sorted(maps.Keys(info["failed"].(m))), []string{"host:h_a"})
	want(t, "generation of h_a", info["hosts"].(m)["h_a"].(m)["generation"], 1)
	want(t, "generation", info["generation"], 2)
}

func TestARefusedBaseChangesNothing(t *testing.T) {
	e := startEdge(t)
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	good := m{"base": e.base(nil), "generation": 1, "hosts": m{"h_a": says("a.test", "a")}}
	loaded := e.load(good)
	want(t, "status", loaded.status, 200)

	with := func(change func(base m)) m {
		base := e.base(nil)
		change(base)
		return base
	}
	http := func(base m) m { return base["apps"].(m)["http"].(m)["servers"].(m)["http"].(m) }
	for _, c := range []struct {
		name, says string
		base       any
	}{
		{"a port that is taken", "listening on " + taken.Addr().String() + ": address already in use",
			with(func(b m) { http(b)["listen"] = a{"tcp_argos/" + taken.Addr().String()} })},
		{"an unknown handler", `server http: route 0: unknown module: http.handlers.nope`, with(func(b m) { http(b)["routes"] = a{m{"handle": a{m{"handler": "nope"}}}} })},
		{"an unknown field", `unknown field "nope"`, with(func(b m) { http(b)["nope"] = 1 })},
		{"an unknown app", "unknown module: nope", with(func(b m) { b["apps"].(m)["nope"] = m{} })},
		{"an app that is a number", "cannot unmarshal number", m{"apps": m{"http": 1}}},
		{"a list", "base: an object is wanted", a{}},
		{"apps that are a number", "apps: an object is wanted", m{"apps": 1}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := e.load(m{"base": c.base, "generation": 2, "hosts": m{"h_a": says("a.test", "other")}})
			want(t, "status", got.status, 400)
			if said, _ := got.body["error"].(string); !strings.HasPrefix(strings.TrimPrefix(said, "json: "), c.says) {
				t.Errorf("error: %q, want %q", said, c.says)
			}
			e.serves("a.test", "a")
			info := e.info()
			want(t, "etag", info["etag"], loaded.body["etag"])
			want(t, "generation", info["generation"], 1)
			want(t, "listeners", len(info["listeners"].([]any)), 3)
			want(t, "a swap still works", e.swap(m{"generation": 1, "hosts": m{"h_b": says("b.test", c.name)}}).status, 200)
			e.serves("b.test", c.name)
			want(t, "and back", e.swap(m{"generation": 1, "hosts": m{"h_b": nil}}).status, 200)
		})
	}
	e.restart()
	e.booted()
	want(t, "etag after a restart", e.info()["etag"], loaded.body["etag"])
}
