package main

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestASecondEdgeOnTheSameFolderIsRefused(t *testing.T) {
	e := startEdge(t)
	out, err := e.command().CombinedOutput()
	if err == nil || !strings.Contains(string(out), fmt.Sprintf("another edge (pid %d)", e.process.Process.Pid)) {
		t.Errorf("%v: %s", err, out)
	}
	want(t, "the first still answers", e.call("GET", "/argos/info", nil).status, 200)
}

func TestASecondEdgeCannotShareThePort(t *testing.T) {
	first := loadedEdge(t, m{"h_a": says("a.test", "first")})
	second := newEdge(t)
	second.http, second.https, second.port = first.http, first.https, first.port
	second.start()
	got := second.load(m{"base": second.base(nil), "generation": 1, "hosts": m{"h_a": says("a.test", "second")}})
	if got.status != 400 || !strings.HasSuffix(got.body["error"].(string), "address already in use") {
		t.Errorf("%d %v", got.status, got.body)
	}
	first.serves("a.test", "first")
}

func TestTheSocketIsForOwnerAndGroup(t *testing.T) {
	e := startEdge(t)
	info, err := os.Stat(e.socket())
	must(t, err)
	want(t, "mode", info.Mode().Perm(), os.FileMode(0o660))
	entries, err := os.ReadDir(e.run)
	must(t, err)
	want(t, "files in the run folder", len(entries), 1)
}

// slow makes the edge proxy to an upstream that answers when told to.
func slow(t *testing.T, e *edge) (asked chan struct{}, finish func()) {
	t.Helper()
	asked, answer := make(chan struct{}, 1), make(chan struct{})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	upstream := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked <- struct{}{}
		select {
		case <-answer:
		case <-r.Context().Done():
		}
		_, _ = io.WriteString(w, "at last")
	})}
	go func() { _ = upstream.Serve(ln) }()
	t.Cleanup(func() { _ = upstream.Close() })
	host := says("slow.test", "")
	host["handle"].(a)[1] = m{"handler": "argos_pool", "pool": "p_slow"}
	got := e.load(m{"base": e.base(nil), "generation": 1, "hosts": m{"h_s": host}, "pools": m{"p_slow": m{
		"targets": a{m{"dial": ln.Addr().String(), "weight": 1}}, "protocol": "http", "verify_tls": true, "preserve_host": true,
		"health": m{"kind": "off", "path": "/", "interval_s": 15, "timeout_s": 5}}}})
	if got.status != 200 || len(got.body["refused"].(m)) > 0 {
		t.Fatalf("%d %v", got.status, got.body)
	}
	return asked, func() { close(answer) }
}

func TestSIGTERMLetsAnOpenRequestEndAndExitsWithZero(t *testing.T) {
	e := startEdge(t)
	asked, finish := slow(t, e)
	answered := make(chan string, 1)
	go func() {
		text, err := e.visit("slow.test")
		answered <- fmt.Sprint(text, err)
	}()
	<-asked
	must(t, e.process.Process.Signal(syscall.SIGTERM))
	e.eventually("nothing listens any more", func() error {
		conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", e.http))
		if err != nil {
			return nil
		}
		conn.Close()
		return fmt.Errorf("it listens")
	})
	finish()
	want(t, "answer", <-answered, "at last<nil>")
	err := <-e.ended
	e.process = nil
	e.checkRaces()
	want(t, "exit", err, error(nil))
	if _, err := os.Stat(e.socket()); err == nil {
		t.Error("the socket is left behind")
	}
}

func TestASecondSIGTERMEndsItAtOnce(t *testing.T) {
	e := startEdge(t)
	asked, finish := slow(t, e)
	defer finish()
	go func() { _, _ = e.visit("slow.test") }()
	<-asked
	must(t, e.process.Process.Signal(syscall.SIGTERM))
	e.eventually("it is stopping", func() error {
		if conn, err := net.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", e.http)); err == nil {
			conn.Close()
			return fmt.Errorf("it listens")
		}
		return nil
	})
	began := time.Now()
	want(t, "exit code", e.kill(syscall.SIGTERM), 2)
	if took := time.Since(began); took > 3*time.Second {
		t.Errorf("it took %s", took)
	}
}

// CF-12: what was acknowledged is served after a kill at any moment, without a panel.
func TestKillsWhileSavingLoseNothingAcknowledged(t *testing.T) {
	e := loadedEdge(t, m{"h_a": says("a.test", "v0")})
	rounds := 25
	if testing.Short() {
		rounds = 5
	}
	last := 0
	for round := range rounds {
		ctx, cancel := context.WithTimeout(context.Background(), time.Duration(rand.IntN(60))*time.Millisecond)
		process, ended := e.process, e.ended
		go func() { <-ctx.Done(); _ = process.Process.Kill() }()
		for {
			next := last + 1
			status, err := e.trySwap(m{"generation": next, "hosts": m{"h_a": says("a.test", fmt.Sprint("v", next))}})
			if err != nil {
				break
			}
			if status != 200 {
				t.Fatalf("round %d: status %d", round, status)
			}
			last = next
		}
		<-ended
		cancel()
		e.checkRaces()
		e.client.CloseIdleConnections()
		began := time.Now()
		e.start()
		e.booted()
		if took := time.Since(began); took > 10*time.Second {
			t.Errorf("it came back after %s", took)
		}
		text, err := e.visit("a.test")
		must(t, err)
		// The change that was being made when it was killed may be there, and nothing older than the last answer.
		if text != fmt.Sprint("v", last) && text != fmt.Sprint("v", last+1) {
			t.Fatalf("round %d: %q is served after v%d was acknowledged", round, text, last)
		}
		fmt.Sscanf(text, "v%d", &last)
	}
	t.Logf("%d changes in %d rounds", last, rounds)
}

func (e *edge) trySwap(want m) (int, error) {
	raw, err := jsonReader(want)
	if err != nil {
		return 0, err
	}
	req, err := http.NewRequest("POST", "http://edge/argos/swap", raw)
	if err != nil {
		return 0, err
	}
	req.Header.Set("If-Match", "*")
	res, err := e.client.Do(req)
	if err != nil {
		return 0, err
	}
	defer res.Body.Close()
	_, err = io.Copy(io.Discard, res.Body)
	return res.StatusCode, err
}

func (e *edge) newestEdition() string {
	e.t.Helper()
	names, err := filepath.Glob(filepath.Join(e.data, "edge", "edition-*"))
	must(e.t, err)
	slices.Sort(names)
	return names[len(names)-1]
}

func TestASaveCutInHalfGivesTheOneBeforeIt(t *testing.T) {
	e := loadedEdge(t, m{"h_a": says("a.test", "one")})
	e.load(m{"base": e.base(m{"max_header_bytes": 70000}), "generation": 2, "hosts": m{"h_a": says("a.test", "two")}})
	e.swap(m{"generation": 3, "hosts": m{"h_a": says("a.test", "three")}})
	e.kill(syscall.SIGKILL)
	file := e.newestEdition()
	whole, err := os.ReadFile(file)
	must(t, err)
	for _, c := range []struct {
		name, text, from string
		keep             int
		generation       int
	}{
		{"in the edit", "two", "current", len(whole) - 20, 2},
		{"in the whole", "one", "previous", len(whole) / 3, 1},
	} {
		must(t, os.WriteFile(file, whole[:c.keep], 0o600))
		e.start()
		e.booted()
		e.serves("a.test", c.text)
		info := e.info()
		want(t, c.name, info["generation"], c.generation)
		boot := info["boot"].(m)
		want(t, c.name, boot["from"], c.from)
		if errs, _ := boot["errors"].([]any); len(errs) != 1 {
			t.Errorf("%s: errors %v", c.name, boot["errors"])
		}
		e.restart() // and what it went on with is whole
		e.booted()
		e.serves("a.test", c.text)
		want(t, c.name+", once more", e.info()["boot"], m{"from": "current", "errors": nil})
		e.kill(syscall.SIGKILL)
		file = e.newestEdition()
		if c.from == "current" {
			must(t, os.WriteFile(file, whole, 0o600))
		}
	}
}

func TestABootThatFindsItsPortTakenTriesAgain(t *testing.T) {
	e := loadedEdge(t, m{"h_a": says("a.test", "a")})
	e.kill(syscall.SIGKILL)
	taken, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", e.http))
	must(t, err)
	e.start()
	e.eventually("it says why", func() error {
		boot := e.info()["boot"].(m)
		if errs := fmt.Sprint(boot["errors"]); boot["from"] != "nothing" || !strings.Contains(errs, "address already in use") {
			return fmt.Errorf("%v", boot)
		}
		return nil
	})
	must(t, taken.Close())
	e.booted()
	want(t, "from", e.info()["boot"].(m)["from"], "current")
}
