package health

import (
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

func eventually(t *testing.T, what string, ok func() bool) {
	t.Helper()
	for deadline := time.Now().Add(5 * time.Second); time.Now().Before(deadline); time.Sleep(2 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.Fatalf("never: %s", what)
}

func spec(kind string) Spec {
	return Spec{Kind: kind, Path: "/alive", Interval: 20 * time.Millisecond, Timeout: time.Second}
}

func TestProbes(t *testing.T) {
	var status, hits atomic.Int32
	status.Store(200)
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/alive" {
			hits.Add(1)
		}
		w.WriteHeader(int(status.Load()))
	}))
	defer srv.Close()
	addr := srv.Listener.Addr().String()
	dead := deadAddr(t)

	Watch("p", []string{addr, dead}, spec("http"))
	defer Forget("p")
	eventually(t, "up", func() bool { return Of("p", addr).State() == Up })
	eventually(t, "down", func() bool { return Of("p", dead).State() == Down })
	if r := Snapshot()["p"][dead]; r.State != "down" || r.Error == nil || !strings.Contains(*r.Error, "refused") || r.Since == nil {
		t.Errorf("report of the dead target: %+v", r)
	}

	status.Store(401)
	before := hits.Load()
	eventually(t, "probed again", func() bool { return hits.Load() > before+2 })
	if Of("p", addr).State() != Up {
		t.Error("a login page is a sign of life")
	}
	status.Store(503)
	eventually(t, "down with 503", func() bool { return Of("p", addr).State() == Down })
}

func TestAReloadDoesNotDisturbAProbe(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	addr := ln.Addr().String()
	Watch("r", []string{addr}, spec("tcp"))
	defer Forget("r")
	eventually(t, "up", func() bool { return Of("r", addr).State() == Up })
	target := Of("r", addr)
	for range 50 {
		Watch("r", []string{addr}, spec("tcp"))
	}
	if Of("r", addr) != target || target.State() != Up {
		t.Error("state was lost")
	}
	eventually(t, "one probe runs", func() bool { return running.Load() == 1 })

	Watch("r", []string{addr}, spec("off"))
	eventually(t, "no probe runs", func() bool { return running.Load() == 0 })
	if target.State() != Unknown {
		t.Error("a target that is not probed is unknown")
	}
	Forget("r")
	if Of("r", addr) != nil {
		t.Error("a forgotten pool is still known")
	}
}

func TestASuspectIsForgivenAfterAWhile(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		target := newTarget()
		target.Failed()
		if !target.Suspect() {
			t.Error("not suspect after a failure")
		}
		time.Sleep(suspectFor)
		if target.Suspect() {
			t.Error("still suspect")
		}
		target.Failed()
		target.Answered()
		if target.Suspect() {
			t.Error("suspect although it answered")
		}
	})
}

func TestOneFailureIsLookedIntoAgain(t *testing.T) {
	target := newTarget()
	target.note(nil, 0)
	target.note(http.ErrServerClosed, 1)
	if target.State() != Up {
		t.Error("fell at the first failure")
	}
	target.note(http.ErrServerClosed, 2)
	if target.State() != Down {
		t.Error("did not fall at the second")
	}
}

func deadAddr(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}
