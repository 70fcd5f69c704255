package dispatch_test

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/fileserver"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/headers"
	_ "github.com/caddyserver/caddy/v2/modules/caddyhttp/rewrite"
	_ "github.com/caddyserver/caddy/v2/modules/caddypki"
	_ "github.com/caddyserver/caddy/v2/modules/caddytls"
	_ "github.com/caddyserver/caddy/v2/modules/filestorage"
	_ "github.com/caddyserver/caddy/v2/modules/logging"

	_ "argos/edge/dispatch"
	_ "argos/edge/gate"
	"argos/edge/live"
	_ "argos/edge/pools"
)

// The suite runs one real Caddy in this process; each test swaps its hosts in and out. The app stands in
// for the control room: it prepares and commits, nothing else.

type (
	m = map[string]any
	a = []any
)

func init() { caddy.RegisterModule(new(app)) }

type app struct {
	Hosts map[string]json.RawMessage `json:"hosts,omitempty"`
	Pools map[string]json.RawMessage `json:"pools,omitempty"`
	Turn  int                        `json:"turn,omitempty"`

	prepared *live.Prepared
}

func (*app) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "argos_test", New: func() caddy.Module { return new(app) }}
}

func (a *app) Provision(ctx caddy.Context) error {
	var refused map[string]live.Refusal
	a.prepared, refused = live.Prepare(ctx, live.Set{Hosts: a.Hosts, Pools: a.Pools})
	if len(refused) > 0 {
		return fmt.Errorf("refused: %v", refused)
	}
	return nil
}

func (a *app) Start() error   { a.prepared.Commit(); return nil }
func (*app) Stop() error      { return nil }
func (a *app) Cleanup() error { a.prepared.Discard(); return nil }

var (
	folder                         string
	httpPort, httpsPort, panelPort int
	panelSocket, accessLog         string
)

func TestMain(main *testing.M) {
	code, err := run(main)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(code)
}

func run(main *testing.M) (int, error) {
	var err error
	if folder, err = os.MkdirTemp("", "argos-dispatch-"); err != nil {
		return 0, err
	}
	defer os.RemoveAll(folder)
	accessLog = filepath.Join(folder, "access.log")
	panelSocket = filepath.Join(folder, "panel.sock")
	for _, p := range []*int{&httpPort, &httpsPort, &panelPort} {
		if *p, err = freePort(); err != nil {
			return 0, err
		}
	}
	configure(false)
	if err := caddy.Load(config(live.Set{}, 0), true); err != nil {
		return 0, err
	}
	defer caddy.Stop()
	if err := waitForCertificates(); err != nil {
		return 0, err
	}
	return main.Run(), nil
}

var names = []string{"a.test", "b.test", "c.test", "any.w.test", "panel.test", "panel.local"}

func waitForCertificates() error {
	for deadline := time.Now().Add(20 * time.Second); ; time.Sleep(10 * time.Millisecond) {
		ready := 0
		for _, n := range names {
			if conn, err := tls.Dial("tcp", at(panelPort), &tls.Config{InsecureSkipVerify: true, ServerName: n}); err == nil {
				conn.Close()
				ready++
			}
		}
		if ready == len(names) {
			return nil
		}
		if time.Now().After(deadline) {
			return fmt.Errorf("%d of %d certificates", ready, len(names))
		}
	}
}

func configure(hsts bool) {
	live.Configure(live.Settings{
		Panel:     live.Panel{Socket: panelSocket, Names: []string{"panel.test"}, HSTS: hsts},
		HTTPSPort: httpsPort,
		Listeners: func() []net.Addr {
			return []net.Addr{&net.TCPAddr{Port: httpPort}, &net.TCPAddr{Port: httpsPort}, &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: panelPort}}
		},
	})
}

func config(set live.Set, turn int) []byte {
	server := func(port int, listener string, more m) m {
		route := a{m{"handle": a{m{"handler": "argos_dispatch", "listener": listener}}}}
		s := m{
			"listen": a{fmt.Sprintf("tcp/127.0.0.1:%d", port)}, "routes": route, "errors": m{"routes": route},
			"automatic_https": m{"disable": true}, "logs": m{}, "protocols": a{"h1", "h2"},
			"expected_underscore_headers": a{"X_auth_user"}, // FA-04: where such names are let through
		}
		for k, v := range more {
			s[k] = v
		}
		return s
	}
	c := m{
		"admin":   m{"disabled": true, "config": m{"persist": false}},
		"storage": m{"module": "file_system", "root": filepath.Join(folder, "caddy")},
		"logging": m{"logs": m{
			"default": m{"level": "FATAL"},
			"access": m{
				"include": a{"http.log.access"}, "writer": m{"output": "file", "filename": accessLog},
				"encoder": m{"format": "filter", "wrap": m{"format": "json"}, "fields": m{"request>headers": m{"filter": "delete"}}},
			},
		}},
		"apps": m{
			"http": m{"servers": m{
				"http":  server(httpPort, "http", nil),
				"https": server(httpsPort, "https", m{"strict_sni_host": true, "protocols": a{"h1", "h2", "h3"}, "tls_connection_policies": a{m{"match": m{"argos_known": m{}}}}}),
				"panel": server(panelPort, "panel", m{"tls_connection_policies": a{m{"default_sni": "panel.local"}}}),
			}},
			"tls": m{
				"automation":   m{"policies": a{m{"issuers": a{m{"module": "internal"}}}}},
				"certificates": m{"automate": a{"a.test", "b.test", "c.test", "*.w.test", "panel.test", "panel.local"}},
			},
			"pki":        m{"certificate_authorities": m{"local": m{"install_trust": false}}},
			"argos_test": m{"hosts": set.Hosts, "pools": set.Pools, "turn": turn},
		},
	}
	raw, err := json.Marshal(c)
	if err != nil {
		panic(err)
	}
	return raw
}

func freePort() (int, error) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return 0, err
	}
	defer ln.Close()
	return ln.Addr().(*net.TCPAddr).Port, nil
}

// ---- hosts and pools ----

func raw(v any) json.RawMessage {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	return b
}

func aHost(pool string, names ...string) m {
	return m{"names": names, "tls": "internal", "handle": a{
		m{"handler": "argos_gate", "policy": m{"kind": "public"}},
		m{"handler": "argos_pool", "pool": pool},
	}}
}

func with(base m, over m) m {
	out := m{}
	for k, v := range base {
		out[k] = v
	}
	for k, v := range over {
		out[k] = v
	}
	return out
}

func aPool(dials ...string) m {
	targets := a{}
	for _, d := range dials {
		targets = append(targets, m{"dial": d, "weight": 1})
	}
	return m{"targets": targets, "protocol": "http", "preserve_host": true, "health": m{"kind": "off"}}
}

// serve puts hosts and pools in for the length of a test.
func serve(t *testing.T, hosts, pools map[string]m) {
	t.Helper()
	if refused := swap(hosts, pools); len(refused) > 0 {
		t.Fatalf("refused: %v", refused)
	}
	t.Cleanup(func() {
		live.Swap(caddy.ActiveContext(), live.Set{}, keys(hosts), keys(pools))
	})
}

func swap(hosts, pools map[string]m) map[string]live.Refusal {
	set := live.Set{Hosts: map[string]json.RawMessage{}, Pools: map[string]json.RawMessage{}}
	for id, h := range hosts {
		set.Hosts[id] = raw(h)
	}
	for id, p := range pools {
		set.Pools[id] = raw(p)
	}
	return live.Swap(caddy.ActiveContext(), set, nil, nil)
}

func keys(of map[string]m) []string {
	var out []string
	for k := range of {
		out = append(out, k)
	}
	return out
}

// ---- clients ----

func at(port int) string { return fmt.Sprintf("127.0.0.1:%d", port) }

// client speaks to the HTTPS listener whatever the URL's host; sni overrides the name of the handshake.
func client(t *testing.T, h2 bool, sni string) *http.Client {
	t.Helper()
	tr := &http.Transport{
		DialContext:       func(_ context.Context, _, _ string) (net.Conn, error) { return net.Dial("tcp", at(httpsPort)) },
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: true, ServerName: sni},
		ForceAttemptHTTP2: h2, DisableCompression: true,
	}
	if !h2 {
		tr.TLSNextProto = map[string]func(string, *tls.Conn) http.RoundTripper{}
	}
	t.Cleanup(tr.CloseIdleConnections)
	return &http.Client{Transport: tr, Timeout: 20 * time.Second, CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
}

type answer struct {
	status int
	header http.Header
	body   string
}

func do(t *testing.T, c *http.Client, r *http.Request) answer {
	t.Helper()
	res, err := c.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return answer{res.StatusCode, res.Header, string(body)}
}

func get(t *testing.T, url string, header ...string) answer {
	t.Helper()
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Add(header[i], header[i+1])
	}
	return do(t, client(t, false, ""), r)
}

// talk sends bytes as they are over TLS (sni) or plain (sni "") and returns all that comes back.
func talk(t *testing.T, port int, sni, request string) string {
	t.Helper()
	conn := dial(t, port, sni)
	defer conn.Close()
	if _, err := io.WriteString(conn, request); err != nil {
		t.Fatal(err)
	}
	conn.SetReadDeadline(time.Now().Add(5 * time.Second))
	b, _ := io.ReadAll(conn)
	return string(b)
}

func dial(t *testing.T, port int, sni string) net.Conn {
	t.Helper()
	if sni == "" {
		conn, err := net.Dial("tcp", at(port))
		if err != nil {
			t.Fatal(err)
		}
		return conn
	}
	conn, err := tls.Dial("tcp", at(port), &tls.Config{InsecureSkipVerify: true, ServerName: sni})
	if err != nil {
		t.Fatal(err)
	}
	return conn
}

func eventually(t *testing.T, within time.Duration, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(within); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("not within %s: %s", within, what)
}

func contains(t *testing.T, s string, all ...string) {
	t.Helper()
	for _, part := range all {
		if !strings.Contains(s, part) {
			t.Errorf("%q is not in %q", part, s)
		}
	}
}
