package gate

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"argos/edge/requests"
)

// listenAs opens a socket on which each connection is served by serve, and makes the gate ask there.
func listenAs(t *testing.T, serve func(net.Conn)) {
	t.Helper()
	dir, err := os.MkdirTemp("", "ag")
	if err != nil {
		t.Fatal(err)
	}
	socket := filepath.Join(dir, "gate.sock")
	ln, err := net.Listen("unix", socket)
	if err != nil {
		t.Fatal(err)
	}
	var open sync.Map
	go func() {
		for {
			c, err := ln.Accept()
			if err != nil {
				return
			}
			open.Store(c, true)
			go serve(c)
		}
	}()
	Configure(Settings{Socket: socket})
	t.Cleanup(func() {
		Configure(Settings{})
		ln.Close()
		open.Range(func(c, _ any) bool { c.(net.Conn).Close(); return true })
		os.RemoveAll(dir)
	})
}

// says reads a question, answers it with bytes and hangs up.
func says(answer string) func(net.Conn) {
	return func(c net.Conn) {
		defer c.Close()
		if r, err := http.ReadRequest(bufio.NewReader(c)); err == nil {
			_, _ = io.Copy(io.Discard, r.Body)
			_, _ = io.WriteString(c, answer)
		}
	}
}

func whole(status, kind, body string) string {
	return fmt.Sprintf("HTTP/1.1 %s\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s", status, kind, len(body), body)
}

const known = `{"facts":{"session":"s","source":"guest","until":4102444800000}}`

func askFor(k *keeper, rec *requests.Record, name string, keep bool) (*facts, error) {
	return k.who(context.Background(), rec, asker{key: keyNamed(name)}, time.Now(), keep)
}

func TestWhateverThePanelSaysThatIsNoAnswerLetsNobodyIn(t *testing.T) {
	for name, answer := range map[string]string{
		"500": whole("500 X", "application/json", known), "204": "HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n", "301": "HTTP/1.1 301 X\r\nLocation: http://other/\r\nContent-Length: 0\r\nConnection: close\r\n\r\n",
		"101": "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n", "201": whole("201 X", "application/json", known), "404": whole("404 X", "application/json", known),
		"a page": whole("200 OK", "text/html", known), "no kind": whole("200 OK", "", known), "half": "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 500\r\n\r\n" + known,
		"two": whole("200 OK", "application/json", known+known), "nothing": whole("200 OK", "application/json", ""), "no facts": whole("200 OK", "application/json", "{}"), "429 without a time": whole("429 X", "application/json", "{}"),
		"no HTTP": "hello\r\n\r\n",
	} {
		t.Run(name, func(t *testing.T) {
			listenAs(t, says(answer))
			rec := new(requests.Record)
			start := time.Now()
			f, err := askFor(newKeeper(64), rec, "x", true)
			if f != nil || !errors.Is(err, errAway) || rec.Identity() != nil {
				t.Errorf("FA-13 %+v %v", f, err)
			}
			if took := time.Since(start); took > inAll {
				t.Errorf("FA-13 took %s", took)
			}
		})
	}
	t.Run("a guesser is told when to come back", func(t *testing.T) {
		listenAs(t, says("HTTP/1.1 429 X\r\nContent-Type: application/json\r\nContent-Length: 20\r\n\r\n"+`{"retry_after_s": 7}`))
		_, err := askFor(newKeeper(64), new(requests.Record), "x", true)
		var told throttled
		if !errors.As(err, &told) || told.seconds != 7 {
			t.Errorf("%v", err)
		}
	})
}

func TestAPanelThatHangsFailsClosedWithinFiveSeconds(t *testing.T) {
	listenAs(t, func(net.Conn) {}) // accepts, and says nothing
	k := newKeeper(64)
	var wg sync.WaitGroup
	start := time.Now()
	for range 20 {
		wg.Go(func() {
			if f, err := askFor(k, new(requests.Record), "x", true); f != nil || !errors.Is(err, errAway) {
				t.Errorf("FA-13 %v %v", f, err)
			}
		})
	}
	wg.Wait()
	if took := time.Since(start); took > inAll+500*time.Millisecond {
		t.Errorf("FA-13 took %s", took)
	}
	Configure(Settings{Socket: "/nowhere/at/all.sock"})
	start = time.Now()
	if _, err := askFor(k, new(requests.Record), "x", false); !errors.Is(err, errAway) || time.Since(start) > inAll {
		t.Errorf("FA-13 stopped: %v after %s", err, time.Since(start))
	}
	Configure(Settings{})
	if _, err := askFor(k, new(requests.Record), "x", true); !errors.Is(err, errAway) {
		t.Errorf("nobody to ask: %v", err)
	}
}

func TestAPanelThatRestartsIsAskedTwice(t *testing.T) {
	var n atomic.Int32
	listenAs(t, func(c net.Conn) {
		if n.Add(1) == 1 {
			c.Close()
			return
		}
		says(whole("200 OK", "application/json", known))(c)
	})
	if f, err := askFor(newKeeper(64), new(requests.Record), "x", true); f == nil {
		t.Error(err)
	}
}

// held answers each question when it is let, and counts them.
type held struct {
	asked  atomic.Int32
	answer chan string
}

func (h *held) serve(c net.Conn) {
	defer c.Close()
	r, err := http.ReadRequest(bufio.NewReader(c))
	if err != nil {
		return
	}
	_, _ = io.Copy(io.Discard, r.Body)
	h.asked.Add(1)
	if body, ok := <-h.answer; ok {
		_, _ = io.WriteString(c, whole("200 OK", "application/json", body))
	}
}

func until(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); !ok(); time.Sleep(time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatal("not in 5 s: " + what)
		}
	}
}

func TestOneQuestionAtATimeForEachCredential(t *testing.T) {
	h := &held{answer: make(chan string)}
	listenAs(t, h.serve)
	k := newKeeper(64)
	var wg sync.WaitGroup
	for range 50 {
		wg.Go(func() {
			if f, err := askFor(k, new(requests.Record), "x", true); f == nil {
				t.Error(err)
			}
		})
	}
	until(t, "asked", func() bool { return h.asked.Load() == 1 })
	h.answer <- known
	wg.Wait()
	if n := h.asked.Load(); n != 1 || k.store.size.Load() != 1 {
		t.Errorf("%d questions, %d kept", n, k.store.size.Load())
	}
	// Without keeping each is a question of its own, and leaves nothing.
	k = newKeeper(64)
	for range 3 {
		wg.Go(func() { _, _ = askFor(k, new(requests.Record), "x", false) })
	}
	until(t, "asked thrice", func() bool { return h.asked.Load() == 4 })
	for range 3 {
		h.answer <- known
	}
	wg.Wait()
	if k.store.size.Load() != 0 {
		t.Error("kept")
	}
	close(h.answer)
}

func TestAnAnswerFromBeforeAnEvictionLetsNobodyIn(t *testing.T) {
	for _, keep := range []bool{true, false} {
		h := &held{answer: make(chan string)}
		listenAs(t, h.serve)
		k := newKeeper(64)
		got := make(chan *facts)
		go func() {
			f, _ := askFor(k, new(requests.Record), "x", keep)
			got <- f
		}()
		until(t, "asked", func() bool { return h.asked.Load() == 1 })
		k.evict(Eviction{Session: "s"}) // signed out while the answer is on its way
		h.answer <- known
		until(t, "asked again", func() bool { return h.asked.Load() == 2 })
		h.answer <- `{"facts":null}`
		if f := <-got; f != nil || k.store.size.Load() != 0 {
			t.Errorf("FA-20 keep %v: let in by %+v, %d kept", keep, f, k.store.size.Load())
		}
		close(h.answer)
	}
}
