package dispatch_test

import (
	"os"
	"path/filepath"
	"testing"

	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/encode/gzip"
)

func TestEveryHandlerAHostMayHaveServes(t *testing.T) {
	up := anUpstream(t)
	if err := os.WriteFile(filepath.Join(folder, "page.txt"), []byte("from a file"), 0o600); err != nil {
		t.Fatal(err)
	}
	gate := m{"handler": "argos_gate", "policy": m{"kind": "public"}}
	pool := m{"handler": "argos_pool", "pool": "p"}
	of := func(handlers ...any) m {
		return m{"names": a{"a.test"}, "tls": "internal", "handle": append(a{gate}, handlers...)}
	}
	serve(t, map[string]m{"h_a": of(pool)}, map[string]m{"p": aPool(up.addr())})
	for name, c := range map[string]struct {
		host  m
		check func(answer) bool
	}{
		"headers": {of(m{"handler": "headers", "response": m{"set": m{"X-Set": a{"1"}}}}, pool), func(g answer) bool { return g.header.Get("X-Set") == "1" }},
		"rewrite": {of(m{"handler": "rewrite", "uri": "/other"}, pool), func(g answer) bool { return parse(t, g).URI == "/other" }},
		"encode": {of(m{"handler": "encode", "encodings": m{"gzip": m{}}, "minimum_length": 1}, pool), func(g answer) bool {
			return g.header.Get("Content-Encoding") == "gzip"
		}},
		"static_response":        {of(m{"handler": "static_response", "status_code": 418, "body": "tea"}), func(g answer) bool { return g.status == 418 && g.body == "tea" }},
		"file_server":            {of(m{"handler": "file_server", "root": folder}), func(g answer) bool { return g.body == "from a file" }},
		"a chain without an end": {of(), func(g answer) bool { return g.status == 404 }},
	} {
		t.Run(name, func(t *testing.T) {
			for range 3 { // an edit again and again, the nested modules ended each time
				if refused := swap(map[string]m{"h_a": c.host}, nil); len(refused) > 0 {
					t.Fatal(refused)
				}
			}
			if got := get(t, "https://a.test/page.txt", "Accept-Encoding", "gzip"); !c.check(got) {
				t.Errorf("%+v", got)
			}
		})
	}
}
