package main

import (
	"fmt"
	"net"
	"syscall"
	"testing"
	"time"
)

// limited makes h_a and h_c different for a limited time: h_a serves a2, h_b is gone, h_c is new.
func (e *edge) limited(id string, within float64) answer {
	e.t.Helper()
	return e.swap(m{"generation": 2, "origin": "panel-1", "confirm": m{"id": id, "within_s": within},
		"hosts": m{"h_a": says("a.test", "a2"), "h_b": nil, "h_c": says("c.test", "c")}})
}

func (e *edge) servesBefore() {
	e.t.Helper()
	e.eventually("what was before is served", func() error {
		for name, text := range map[string]string{"a.test": "a", "b.test": "b"} {
			if got, err := e.visit(name); err != nil || got != text {
				return fmt.Errorf("%s: %q, %v", name, got, err)
			}
		}
		if _, err := e.visit("c.test"); err == nil {
			return fmt.Errorf("c.test is served")
		}
		return nil
	})
}

func (e *edge) confirmWord(word, id string) answer {
	e.t.Helper()
	return e.call("POST", "/argos/"+word, m{"id": id})
}

func twoHosts(t *testing.T) (e *edge, before any) {
	t.Helper()
	e = loadedEdge(t, m{"h_a": says("a.test", "a"), "h_b": says("b.test", "b")})
	return e, e.info()["etag"]
}

func TestF32AConfirmedChangeIsOnDiskWhenItIsAnswered(t *testing.T) {
	e, _ := twoHosts(t)
	want(t, "status", e.limited("one", 60).status, 200)
	e.serves("a.test", "a2")
	info := e.info()
	want(t, "id", info["pending"].(m)["id"], "one")
	want(t, "saved", info["saved"], false)
	if left := info["pending"].(m)["remaining_ms"].(float64); left > 60_000 || left < 30_000 {
		t.Errorf("remaining: %v ms", left)
	}
	got := e.confirmWord("confirm", "one")
	want(t, "confirmed", got.status, 200)
	want(t, "etag", got.body["etag"], info["etag"])
	e.restart()
	e.booted()
	e.serves("a.test", "a2")
	e.serves("c.test", "c")
	after := e.info()
	want(t, "etag after a kill", after["etag"], info["etag"])
	want(t, "last confirmed", after["confirmed"], "one")
	want(t, "origin", after["origin"], "panel-1")
	want(t, "pending", after["pending"], nil)
	// A lost answer is asked for again.
	want(t, "asked again", e.confirmWord("confirm", "one").status, 200)
	want(t, "another id", e.confirmWord("confirm", "two").status, 409)
}

func TestF32AChangeThatNobodyConfirmsGoesBackByItself(t *testing.T) {
	e, before := twoHosts(t)
	want(t, "status", e.limited("one", 1).status, 200)
	e.serves("a.test", "a2")
	e.servesBefore()
	e.eventually("it is said", func() error {
		if e.info()["reverted"] == nil {
			return fmt.Errorf("%v", e.info()["pending"])
		}
		return nil
	})
	info := e.info()
	want(t, "etag", info["etag"], before)
	want(t, "generation", info["generation"], 1)
	want(t, "reverted", info["reverted"].(m)["id"], "one")
	want(t, "reason", info["reverted"].(m)["reason"], "timeout")
	want(t, "saved", info["saved"], true)
	want(t, "too late", e.confirmWord("confirm", "one").status, 409)
	// Nothing is in the way of the next one.
	want(t, "the next", e.limited("two", 60).status, 200)
	want(t, "kept", e.confirmWord("confirm", "two").status, 200)
}

func TestF32AnUnconfirmedChangeIsGoneAfterAKill(t *testing.T) {
	for _, signal := range []syscall.Signal{syscall.SIGKILL, syscall.SIGTERM} {
		t.Run(signal.String(), func(t *testing.T) {
			e, before := twoHosts(t)
			want(t, "status", e.limited("one", 60).status, 200)
			e.serves("a.test", "a2")
			e.kill(signal)
			e.start()
			e.booted()
			e.servesBefore()
			want(t, "etag", e.info()["etag"], before)
			want(t, "confirmed", e.info()["confirmed"], "")
		})
	}
}

func TestF32AChangeIsPutBackWhenAsked(t *testing.T) {
	e, before := twoHosts(t)
	e.limited("one", 60)
	want(t, "another id", e.confirmWord("revert", "two").status, 409)
	got := e.confirmWord("revert", "one")
	want(t, "status", got.status, 200)
	want(t, "etag", got.body["etag"], before)
	e.servesBefore()
	want(t, "reason", e.info()["reverted"].(m)["reason"], "asked")
}

func TestF32OneChangeWaitsAtATime(t *testing.T) {
	e, _ := twoHosts(t)
	e.limited("one", 60)
	for what, got := range map[string]answer{
		"a swap":                    e.swap(m{"generation": 3, "hosts": m{"h_b": says("b.test", "b3")}}),
		"a swap for a limited time": e.limited("two", 60),
		"a load":                    e.load(m{"base": e.base(nil), "generation": 3, "hosts": m{}}),
	} {
		want(t, what, got.status, 423)
		want(t, what, got.body["pending"].(m)["id"], "one")
	}
	want(t, "validate", e.call("POST", "/argos/validate", m{"hosts": m{"h_b": says("b.test", "b3")}}).status, 200)
	e.serves("a.test", "a2")
}

func TestF32AChangeForALimitedTimeIsTakenWholeOrNotAtAll(t *testing.T) {
	e, before := twoHosts(t)
	limited := m{"id": "one", "within_s": 60}
	for what, hosts := range map[string]m{
		"a handler that cannot be": {"h_a": says("a.test", "a2"), "h_b": broken("b.test")},
		"a name of another host":   {"h_a": says("a.test", "a2"), "h_c": says("b.test", "c")},
	} {
		got := e.swap(m{"generation": 2, "hosts": hosts, "confirm": limited})
		want(t, what, got.status, 422)
		want(t, what, len(got.body["refused"].(m)), 1)
		e.servesBefore()
		want(t, what, e.info()["etag"], before)
		want(t, what, e.info()["pending"], nil)
	}
	got := e.load(m{"base": e.base(m{"max_header_bytes": 70000}), "generation": 2, "confirm": limited,
		"hosts": m{"h_a": says("a.test", "a2"), "h_b": broken("b.test")}})
	want(t, "a load", got.status, 422)
	e.servesBefore()
	want(t, "etag after the load", e.info()["etag"], before)
	e.restart()
	e.booted()
	e.servesBefore()
}

func TestF32ALoadGoesBackToo(t *testing.T) {
	e, before := twoHosts(t)
	changed := m{"base": e.base(m{"max_header_bytes": 70000}), "generation": 2,
		"hosts": m{"h_a": says("a.test", "a2"), "h_c": says("c.test", "c")}}
	changed["confirm"] = m{"id": "one", "within_s": 1}
	want(t, "status", e.load(changed).status, 200)
	e.serves("a.test", "a2")
	e.servesBefore()
	e.eventually("the etag is the old one", func() error {
		if got := e.info()["etag"]; got != before {
			return fmt.Errorf("%v", got)
		}
		return nil
	})
	changed["confirm"] = m{"id": "two", "within_s": 60}
	want(t, "status", e.load(changed).status, 200)
	want(t, "confirmed", e.confirmWord("confirm", "two").status, 200)
	after := e.info()["etag"]
	e.restart()
	e.booted()
	e.serves("a.test", "a2")
	want(t, "etag after a kill", e.info()["etag"], after)
}

func TestF32AChangeCanBePutOff(t *testing.T) {
	e, _ := twoHosts(t)
	e.limited("one", 1)
	got := e.call("POST", "/argos/extend", m{"id": "one", "within_s": 60})
	want(t, "status", got.status, 200)
	if left := got.body["remaining_ms"].(float64); left < 50_000 {
		t.Fatalf("remaining: %v ms", left)
	}
	first := time.Now().Add(1200 * time.Millisecond)
	e.eventually("the first deadline has passed", func() error {
		if time.Now().Before(first) {
			return fmt.Errorf("not yet")
		}
		return nil
	})
	e.serves("a.test", "a2")
	want(t, "kept", e.confirmWord("confirm", "one").status, 200)
}

func TestF32AWayBackThatIsBlockedIsTriedUntilItIsFree(t *testing.T) {
	e, before := twoHosts(t)
	// The change moves to another port; meanwhile somebody else takes the old one.
	old := e.http
	e.http = freePort(t)
	got := e.load(m{"base": e.base(nil), "generation": 2, "confirm": m{"id": "one", "within_s": 3},
		"hosts": m{"h_a": says("a.test", "a2")}})
	want(t, "status", got.status, 200)
	e.serves("a.test", "a2")
	var thief net.Listener
	e.eventually("the old port is free", func() (err error) {
		thief, err = net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", old))
		return err
	})
	e.eventually("it says what is in its way", func() error {
		waits, _ := e.info()["pending"].(m)
		if waits["problem"] == nil {
			return fmt.Errorf("%v", waits)
		}
		return nil
	})
	want(t, "it cannot be kept any more", e.confirmWord("confirm", "one").status, 409)
	want(t, "nor put off", e.call("POST", "/argos/extend", m{"id": "one", "within_s": 60}).status, 409)
	want(t, "nor put back while it is blocked", e.confirmWord("revert", "one").status, 500)
	want(t, "nor is another taken", e.swap(m{"generation": 3, "hosts": m{"h_a": nil}}).status, 423)
	e.serves("a.test", "a2") // it is served as it was meanwhile
	must(t, thief.Close())
	e.http = old
	e.servesBefore()
	e.eventually("the etag is the old one", func() error {
		if got := e.info()["etag"]; got != before {
			return fmt.Errorf("%v", got)
		}
		return nil
	})
}
