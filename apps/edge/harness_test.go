package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

// The suite runs the real binary, built once, and speaks to it as the panel and visitors do.

type (
	m = map[string]any
	a = []any
)

var (
	raceDetector bool // see race_test.go
	binary       string
)

func TestMain(main *testing.M) {
	dir, err := os.MkdirTemp("", "argos-edge-test-")
	if err != nil {
		panic(err)
	}
	binary = filepath.Join(dir, "argos-edge")
	args := []string{"build", "-o", binary, "."}
	if raceDetector {
		args = []string{"build", "-race", "-o", binary, "."}
	}
	if out, err := exec.Command("go", args...).CombinedOutput(); err != nil {
		fmt.Fprintf(os.Stderr, "building the edge: %v\n%s", err, out)
		os.Exit(1)
	}
	code := main.Run()
	os.RemoveAll(dir)
	os.Exit(code)
}

// edge is one data folder, and the process that runs on it.
type edge struct {
	t                 *testing.T
	data, run         string
	http, https, port int
	client            *http.Client
	process           *exec.Cmd
	arguments, env    []string // instead of --run DIR, and more environment
	output            *bytes.Buffer
	ended             chan error
}

func newEdge(t *testing.T) *edge {
	t.Helper()
	dir, err := os.MkdirTemp("", "ae") // short: a socket's path has 108 bytes at most
	must(t, err)
	e := &edge{t: t, data: filepath.Join(dir, "data"), run: filepath.Join(dir, "run"), http: freePort(t), https: freePort(t), port: freePort(t)}
	e.client = &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", e.socket())
		},
	}}
	t.Cleanup(func() {
		if e.process != nil {
			e.kill(syscall.SIGKILL)
		}
		os.RemoveAll(dir)
	})
	return e
}

func startEdge(t *testing.T) *edge {
	t.Helper()
	e := newEdge(t)
	e.start()
	return e
}

func (e *edge) socket() string { return filepath.Join(e.run, "edge.sock") }

func (e *edge) command() *exec.Cmd {
	arguments := e.arguments
	if arguments == nil {
		arguments = []string{"--run", e.run}
	}
	c := exec.Command(binary, append([]string{"run", "--data", e.data}, arguments...)...)
	c.Env = append(os.Environ(), e.env...)
	return c
}

func (e *edge) start() {
	e.t.Helper()
	e.process, e.output, e.ended = e.command(), new(bytes.Buffer), make(chan error, 1)
	e.process.Stdout, e.process.Stderr = e.output, e.output
	must(e.t, e.process.Start())
	go func(p *exec.Cmd, ended chan error) { ended <- p.Wait() }(e.process, e.ended)
	e.eventually("the socket answers", func() error {
		select {
		case err := <-e.ended:
			e.ended <- err
			e.t.Fatalf("the edge ended: %v\n%s", err, e.output)
		default:
		}
		_, err := e.client.Get("http://edge/argos/info?summary=1")
		return err
	})
}

// kill sends a signal and returns the exit code when the process has ended, -1 when the signal did it.
func (e *edge) kill(signal syscall.Signal) int {
	_ = e.process.Process.Signal(signal)
	<-e.ended
	code := e.process.ProcessState.ExitCode()
	e.process = nil
	e.checkRaces()
	e.client.CloseIdleConnections()
	return code
}

// checkRaces reads what the race detector said in the process that has ended.
func (e *edge) checkRaces() {
	e.t.Helper()
	if _, race, found := strings.Cut(e.output.String(), "WARNING: DATA RACE"); found {
		e.t.Errorf("a data race in the edge:\n%.4000s", race)
	}
}

// booted waits until the edge has come up with what was saved.
func (e *edge) booted() {
	e.t.Helper()
	e.eventually("it serves what was saved", func() error {
		if boot := e.info()["boot"].(m); boot["from"] == "nothing" {
			return fmt.Errorf("%v", boot)
		}
		return nil
	})
}

func (e *edge) restart() {
	e.t.Helper()
	e.kill(syscall.SIGKILL)
	e.start()
}

func (e *edge) eventually(what string, check func() error) {
	e.t.Helper()
	err := errors.New("never asked")
	for deadline := time.Now().Add(20 * time.Second); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		if err = check(); err == nil {
			return
		}
	}
	e.t.Fatalf("not in 20 s: %s: %v", what, err)
}

// answer is what the socket said.
type answer struct {
	status int
	header http.Header
	body   m
}

func (e *edge) call(method, path string, body any, headers ...string) answer {
	e.t.Helper()
	var content io.Reader
	if body != nil {
		raw, ok := body.([]byte)
		if !ok {
			var err error
			raw, err = json.Marshal(body)
			must(e.t, err)
		}
		content = bytes.NewReader(raw)
	}
	req, err := http.NewRequest(method, "http://edge"+path, content)
	must(e.t, err)
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	res, err := e.client.Do(req)
	must(e.t, err)
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	must(e.t, err)
	said := answer{status: res.StatusCode, header: res.Header}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		_ = json.Unmarshal(raw, &said.body) // null stays nil
	} else {
		said.body = m{"text": string(raw)}
	}
	return said
}

func (e *edge) info() m {
	e.t.Helper()
	return e.call("GET", "/argos/info", nil).body
}

func (e *edge) load(w m, headers ...string) answer {
	e.t.Helper()
	return e.call("POST", "/load", w, headers...)
}

// swap names what is served now in If-Match.
func (e *edge) swap(want m) answer {
	e.t.Helper()
	return e.call("POST", "/argos/swap", want, "If-Match", fmt.Sprintf("%q", e.info()["etag"]))
}

// base publishes on the edge's ports; more goes into the server of the HTTP listener.
func (e *edge) base(more m) m {
	server := func(port int, name string, policies a) m {
		route := a{m{"handle": a{m{"handler": "argos_dispatch", "listener": name}}}}
		s := m{"listen": a{fmt.Sprintf("tcp_argos/127.0.0.1:%d", port)}, "routes": route, "errors": m{"routes": route},
			"automatic_https": m{"disable": true}}
		if policies != nil {
			s["tls_connection_policies"] = policies
		}
		return s
	}
	plain := server(e.http, "http", nil)
	for k, v := range more {
		plain[k] = v
	}
	return m{
		"storage": m{"module": "file_system", "root": filepath.Join(e.data, "caddy")},
		"apps": m{
			"http": m{"http_port": e.http, "https_port": e.https, "servers": m{
				"http":  plain,
				"https": server(e.https, "https", a{m{"match": m{"argos_known": m{}}}}),
				"panel": server(e.port, "panel", a{m{"default_sni": "panel.internal", "fallback_sni": "panel.internal"}}),
			}},
			"tls":   m{"automation": m{"policies": a{m{"subjects": a{"secure.test", "panel.internal"}, "issuers": a{m{"module": "internal"}}}}}},
			"pki":   m{"certificate_authorities": m{"local": m{"install_trust": false}}},
			"argos": m{"https_port": e.https, "panel": m{"socket": filepath.Join(e.run, "panel.sock"), "subjects": a{"panel.internal"}}},
		},
	}
}

// says is a host that answers with the text, over plain HTTP.
func says(name, text string) m {
	return m{"names": a{name}, "off": false, "tls": "none", "handle": a{
		m{"handler": "argos_gate", "policy": m{"kind": "public"}},
		m{"handler": "static_response", "body": text},
	}}
}

// broken is a host the edge refuses.
func broken(name string) m {
	return m{"names": a{name}, "off": false, "tls": "none", "handle": a{
		m{"handler": "argos_gate", "policy": m{"kind": "public"}},
		m{"handler": "argos_pool", "pool": "p_missing"},
	}}
}

// visit asks the HTTP listener for a host, on a connection of its own.
func (e *edge) visit(name string) (string, error) {
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	return e.visitBy(&http.Client{Transport: transport, Timeout: 10 * time.Second}, name)
}

func (e *edge) visitBy(client *http.Client, name string) (string, error) {
	req, err := http.NewRequest("GET", fmt.Sprintf("http://127.0.0.1:%d/", e.http), nil)
	if err != nil {
		return "", err
	}
	req.Host = name
	res, err := client.Do(req)
	if err != nil {
		return "", err
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("status %d", res.StatusCode)
	}
	return string(body), err
}

func (e *edge) serves(name, text string) {
	e.t.Helper()
	if got, err := e.visit(name); err != nil || got != text {
		e.t.Errorf("%s answers %q (%v), want %q", name, got, err, text)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// given are the ports that freePort has returned: the kernel may offer one again before anybody listens there.
var given = map[int]bool{}

func freePort(t *testing.T) int {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer ln.Close()
	port := ln.Addr().(*net.TCPAddr).Port
	if given[port] {
		return freePort(t)
	}
	given[port] = true
	return port
}

func jsonReader(v any) (io.Reader, error) {
	raw, err := json.Marshal(v)
	return bytes.NewReader(raw), err
}
