package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
)

const template = "../../Caddyfile.template"

// fresh is an edge on an empty data folder that was given the bootstrap Caddyfile, as launcher and image give it.
func fresh(t *testing.T, bind string) *edge {
	t.Helper()
	e := newEdge(t)
	e.arguments = []string{"--run", e.run, "--caddyfile", template}
	e.env = []string{"ARGOS_HTTP_PORT=" + strconv.Itoa(e.http), "ARGOS_BIND=" + bind}
	return e
}

// page asks as a browser does.
func (e *edge) page(name string) (status int, header http.Header, body string, err error) {
	req, err := http.NewRequest("GET", fmt.Sprintf("http://127.0.0.1:%d/some/page", e.http), nil)
	must(e.t, err)
	req.Host = name
	req.Header.Set("Accept", "text/html")
	transport := &http.Transport{DisableKeepAlives: true}
	defer transport.CloseIdleConnections()
	res, err := (&http.Client{Transport: transport, Timeout: 10 * time.Second}).Do(req)
	if err != nil {
		return 0, nil, "", err
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	return res.StatusCode, res.Header, string(raw), err
}

const waitingWords = "Waiting for the panel"

func (e *edge) waits() {
	e.t.Helper()
	e.eventually("the waiting page", func() error {
		status, _, body, err := e.page("a.test")
		if err == nil && (status != 503 || !strings.Contains(body, waitingWords)) {
			err = fmt.Errorf("%d %.200s", status, body)
		}
		return err
	})
}

func TestAFreshEdgeAnswersVisitorsUntilThePanelHasSpoken(t *testing.T) {
	e := fresh(t, "127.0.0.1")
	e.start()
	e.waits()
	_, header, body, err := e.page("a.test")
	must(t, err)
	want(t, "Retry-After", header.Get("Retry-After"), "5")
	want(t, "Cache-Control", header.Get("Cache-Control"), "no-store")
	if strings.Contains(body, "<script") || !strings.Contains(body, "<style>") || len(body) > 4096 {
		t.Errorf("%d bytes:\n%s", len(body), body)
	}
	if out, err := exec.Command(binary, "ready", "--run", e.run).CombinedOutput(); err == nil {
		t.Errorf("it is not ready yet: %s", out)
	}
	info := e.info()
	if info["base"] != nil || info["generation"] != 0.0 {
		t.Errorf("it counts as a configuration: %v", info)
	}

	// Visitors all the while: not one is turned away.
	var asked atomic.Int64
	stop, failed := make(chan struct{}), make(chan error, 1)
	go func() {
		defer close(failed)
		for {
			select {
			case <-stop:
				return
			default:
			}
			if _, _, _, err := e.page("a.test"); err != nil {
				failed <- err
				return
			}
			asked.Add(1)
		}
	}()
	got := e.load(m{"base": e.base(nil), "generation": 7, "hosts": m{"h_a": says("a.test", "hello")}},
		"If-Match", fmt.Sprintf("%q", info["etag"]))
	want(t, "the first load", got.status, 200)
	e.serves("a.test", "hello")
	for n := asked.Load(); asked.Load() < n+20; {
		select {
		case err := <-failed:
			t.Fatalf("a visitor was turned away: %v", err)
		case <-time.After(time.Millisecond):
		}
	}
	close(stop)
	if err := <-failed; err != nil {
		t.Errorf("a visitor was turned away: %v", err)
	}
	if status, _, body, _ := e.page("unknown.test"); status == 503 || strings.Contains(body, waitingWords) {
		t.Errorf("an unknown name still waits: %d", status)
	}

	e.kill(syscall.SIGKILL)
	e.start()
	e.eventually("it serves what was saved", func() error {
		status, _, body, err := e.page("a.test")
		if err != nil {
			return err // not listening yet
		}
		if status != 200 || body != "hello" {
			t.Errorf("the first answer after a restart: %d %.200s", status, body)
		}
		return nil
	})
}

// The panel's configuration listens on one address where the bootstrap has all: the kernel allows one of both.
func TestTheWaitingPageNeverKeepsThePanelFromItsPorts(t *testing.T) {
	e := fresh(t, "")
	e.start()
	e.waits()
	got := e.load(m{"base": e.base(nil), "generation": 1, "hosts": m{"h_a": says("a.test", "hello")}})
	want(t, "the first load", got.status, 200)
	e.serves("a.test", "hello")
}

func TestAFirstConfigurationThatIsRefusedLeavesTheWaitingPage(t *testing.T) {
	e := fresh(t, "127.0.0.1")
	e.start()
	e.waits()
	before := e.info()["etag"]
	got := e.load(m{"base": m{"apps": m{"http": m{"servers": m{"x": m{"listen": a{"tcp_argos/nowhere:1-2"}}}}}}})
	want(t, "the load", got.status, 400)
	want(t, "etag", e.info()["etag"], before)
	e.waits()
	got = e.load(m{"base": e.base(nil), "generation": 1, "hosts": m{"h_a": says("a.test", "hello")}})
	want(t, "the next load", got.status, 200)
	e.serves("a.test", "hello")
}

func TestAPortThatIsTakenOrAFileThatIsBrokenCostsThePageAlone(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	defer taken.Close()
	e := fresh(t, "127.0.0.1")
	e.env[0] = fmt.Sprintf("ARGOS_HTTP_PORT=%d", taken.Addr().(*net.TCPAddr).Port)
	e.start()
	got := e.load(m{"base": e.base(nil), "generation": 1, "hosts": m{"h_a": says("a.test", "hello")}})
	want(t, "the load", got.status, 200)
	e.serves("a.test", "hello")
	e.kill(syscall.SIGTERM)

	broken := filepath.Join(filepath.Dir(e.run), "Caddyfile")
	must(t, os.WriteFile(broken, []byte("{\n\targos {\n\t\tdoor /x\n\t}\n}\n"), 0o600))
	e.arguments = []string{"--run", e.run, "--caddyfile", broken}
	e.start()
	e.booted()
	e.serves("a.test", "hello")
}

func TestTheCaddyfileNamesTheControlSocketAndRunWinsOverIt(t *testing.T) {
	e := fresh(t, "127.0.0.1")
	e.arguments = []string{"--caddyfile", template}
	e.env = append(e.env, "ARGOS_EDGE_SOCKET="+e.socket())
	e.start()
	e.waits()
	e.kill(syscall.SIGTERM)

	elsewhere := filepath.Join(e.run, "elsewhere.sock")
	e.arguments = []string{"--run", e.run, "--caddyfile", template}
	e.env[len(e.env)-1] = "ARGOS_EDGE_SOCKET=" + elsewhere
	e.start()
	if _, err := os.Stat(elsewhere); err == nil {
		t.Error("both sockets are there")
	}
	e.kill(syscall.SIGTERM)

	none := filepath.Join(filepath.Dir(e.run), "Caddyfile")
	must(t, os.WriteFile(none, []byte("{\n\tadmin off\n}\n"), 0o600))
	e.arguments = []string{"--caddyfile", none}
	if out, err := e.command().CombinedOutput(); err == nil || !strings.Contains(string(out), "names no control socket") {
		t.Errorf("%v: %s", err, out)
	}
}
