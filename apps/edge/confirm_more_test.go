package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// blocked keeps the edge from writing its next edition; whoever is root can write anywhere, but not into a folder.
func (e *edge) blocked() (unblock func()) {
	e.t.Helper()
	var number int
	_, err := fmt.Sscanf(filepath.Base(e.newestEdition()), "edition-%d", &number)
	must(e.t, err)
	in := filepath.Join(e.data, "edge", fmt.Sprintf(".edition-%08d", number+1))
	must(e.t, os.Mkdir(in, 0o700))
	return func() { must(e.t, os.Remove(in)) }
}

// another is a change for a limited time that needs a load.
func (e *edge) another(id string, within float64) answer {
	e.t.Helper()
	return e.load(m{"base": e.base(m{"max_header_bytes": 70000}), "generation": 2, "confirm": m{"id": id, "within_s": within},
		"hosts": m{"h_a": says("a.test", "a2"), "h_c": says("c.test", "c")}})
}

func (e *edge) wentBack(id string) m {
	e.t.Helper()
	var info m
	e.eventually("it went back", func() error {
		info = e.info()
		if back, _ := info["reverted"].(m); back["id"] != id || info["pending"] != nil {
			return fmt.Errorf("%v %v", info["reverted"], info["pending"])
		}
		return nil
	})
	return info
}

func TestF32AConfirmationThatCannotBeSavedIsNotClaimedAndMayBeAskedForAgain(t *testing.T) {
	e, _ := twoHosts(t)
	want(t, "status", e.another("one", 60).status, 200)
	unblock := e.blocked()
	got := e.confirmWord("confirm", "one")
	want(t, "not saved", got.status, 500)
	if said := fmt.Sprint(got.body["error"]); !strings.Contains(said, "could not be saved") {
		t.Errorf("error: %s", said)
	}
	info := e.info()
	want(t, "it still waits", info["pending"].(m)["id"], "one")
	want(t, "confirmed", info["confirmed"], "")
	want(t, "saved", info["saved"], false)
	unblock()
	want(t, "asked again", e.confirmWord("confirm", "one").status, 200)
	want(t, "saved", e.info()["saved"], true)
	e.restart()
	e.booted()
	e.serves("c.test", "c")
	want(t, "confirmed", e.info()["confirmed"], "one")
}

func TestF32AConfirmationThatWasNotSavedGoesBackAtItsDeadline(t *testing.T) {
	e, before := twoHosts(t)
	want(t, "status", e.another("one", 1).status, 200)
	unblock := e.blocked()
	want(t, "not saved", e.confirmWord("confirm", "one").status, 500)
	want(t, "etag", e.wentBack("one")["etag"], before)
	e.servesBefore()
	want(t, "what stands on disk is not known", e.info()["saved"], false)
	unblock()
	e.eventually("it is saved by itself", func() error {
		if e.info()["saved"] != true {
			return fmt.Errorf("not yet")
		}
		return nil
	})
	e.restart()
	e.booted()
	e.servesBefore()
	want(t, "etag after a kill", e.info()["etag"], before)
}

func TestF32WhatWasRefusedBeforeAChangeIsKnownAfterItWentBack(t *testing.T) {
	for what, change := range map[string]func(*edge) answer{
		"a swap": func(e *edge) answer { return e.limited("one", 60) },
		"a load": func(e *edge) answer { return e.another("one", 60) },
	} {
		t.Run(what, func(t *testing.T) {
			e, _ := twoHosts(t)
			want(t, "refused", len(e.swap(m{"generation": 2, "hosts": m{"h_a": broken("a.test")}}).body["refused"].(m)), 1)
			before := e.info()["failed"]
			want(t, "status", change(e).status, 200)
			want(t, "failed meanwhile", e.info()["failed"], nil)
			want(t, "put back", e.confirmWord("revert", "one").status, 200)
			want(t, "failed", e.info()["failed"], before)
			e.servesBefore()
		})
	}
}

func TestF32ARefusedChangeForALimitedTimeForgetsNoFailure(t *testing.T) {
	e, _ := twoHosts(t)
	e.swap(m{"generation": 2, "hosts": m{"h_a": broken("a.test")}})
	before := e.info()["failed"]
	limited := m{"id": "one", "within_s": 60}
	hosts := m{"h_a": says("a.test", "a2"), "h_b": broken("b.test")}
	want(t, "a swap", e.swap(m{"generation": 3, "hosts": hosts, "confirm": limited}).status, 422)
	want(t, "failed", e.info()["failed"], before)
	got := e.load(m{"base": e.base(m{"max_header_bytes": 70000}), "generation": 3, "hosts": hosts, "confirm": limited})
	want(t, "a load", got.status, 422)
	want(t, "failed", e.info()["failed"], before)
}

func TestF32WordsAboutAChangeThatDoesNotWaitSayWhatDoes(t *testing.T) {
	e, _ := twoHosts(t)
	for _, word := range []string{"confirm", "revert"} {
		got := e.confirmWord(word, "one")
		want(t, word, got.status, 409)
		want(t, "pending", got.body["pending"], nil)
		if confirmed, there := got.body["confirmed"]; !there || confirmed != "" {
			t.Errorf("confirmed: %v, %v", confirmed, there)
		}
	}
	e.limited("one", 60)
	want(t, "kept", e.confirmWord("confirm", "one").status, 200)
	kept := e.info()["etag"]
	want(t, "the next", e.swap(m{"generation": 3, "hosts": m{"h_a": nil}, "confirm": m{"id": "two", "within_s": 60}}).status, 200)
	for _, got := range []answer{
		e.confirmWord("confirm", "three"), e.confirmWord("revert", "one"),
		e.call("POST", "/argos/extend", m{"id": "one", "within_s": 60}),
	} {
		want(t, "status", got.status, 409)
		want(t, "pending", got.body["pending"].(m)["id"], "two")
		want(t, "confirmed", got.body["confirmed"], "one")
	}
	// A lost answer may be asked for even now.
	again := e.confirmWord("confirm", "one")
	want(t, "asked again", again.status, 200)
	want(t, "etag", again.body["etag"], kept)
	want(t, "two still waits", e.info()["pending"].(m)["id"], "two")
}

func TestF32NothingGoesBackToNothing(t *testing.T) {
	e := startEdge(t)
	got := e.load(m{"base": e.base(nil), "generation": 1, "hosts": m{"h_a": says("a.test", "a")}, "confirm": m{"id": "one", "within_s": 1}})
	want(t, "status", got.status, 409)
	want(t, "base", e.info()["base"], nil)
}

func TestF32AnIDThatWasConfirmedNamesNoOtherChange(t *testing.T) {
	e, _ := twoHosts(t)
	e.limited("one", 60)
	want(t, "kept", e.confirmWord("confirm", "one").status, 200)
	again := m{"generation": 3, "hosts": m{"h_a": nil}, "confirm": m{"id": "one", "within_s": 60}}
	want(t, "a swap", e.swap(again).status, 409)
	again["base"] = e.base(m{"max_header_bytes": 70000})
	want(t, "a load", e.load(again).status, 409)
	e.serves("a.test", "a2")
}

func TestF32NamesMoveBetweenHostsAndBack(t *testing.T) {
	e, before := twoHosts(t)
	confirm := m{"id": "one", "within_s": 60}
	got := e.swap(m{"generation": 2, "confirm": confirm, "hosts": m{"h_a": says("b.test", "a"), "h_b": says("a.test", "b"), "h_c": says("c.test", "c")}})
	want(t, "swapped", got.status, 200)
	e.serves("a.test", "b")
	e.serves("b.test", "a")
	want(t, "put back", e.confirmWord("revert", "one").status, 200)
	e.servesBefore()
	got = e.swap(m{"generation": 2, "confirm": confirm, "hosts": m{"h_a": nil, "h_c": says("a.test", "c")}})
	want(t, "taken over", got.status, 200)
	e.serves("a.test", "c")
	want(t, "put back", e.confirmWord("revert", "one").status, 200)
	e.servesBefore()
	want(t, "etag", e.info()["etag"], before)
}

// The whole with the base that runs is a swap, so its way back is one too.
func TestF32ALoadOfTheSameBaseGoesBackWithoutALoad(t *testing.T) {
	e, before := twoHosts(t)
	got := e.load(m{"base": e.base(nil), "generation": 2, "hosts": m{"h_c": says("c.test", "c")}, "confirm": m{"id": "one", "within_s": 1}})
	want(t, "status", got.status, 200)
	e.serves("c.test", "c")
	want(t, "etag", e.wentBack("one")["etag"], before)
	e.servesBefore()
	e.measured(`argos_loads_total{outcome="done"} 1`)
}

func (e *edge) measured(lines ...string) {
	e.t.Helper()
	said := e.call("GET", "/metrics", nil).body["text"].(string)
	for _, line := range lines {
		if !strings.Contains(said, line+"\n") {
			e.t.Errorf("metrics lack %s", line)
		}
	}
}

func TestF32ChangesForALimitedTimeAreCounted(t *testing.T) {
	e, _ := twoHosts(t)
	count := func(pending, confirmed, timeout, asked int) {
		t.Helper()
		e.measured(fmt.Sprint("argos_pending ", pending), fmt.Sprintf(`argos_confirm_total{outcome="confirmed"} %d`, confirmed),
			fmt.Sprintf(`argos_confirm_total{outcome="timeout"} %d`, timeout), fmt.Sprintf(`argos_confirm_total{outcome="asked"} %d`, asked))
	}
	count(0, 0, 0, 0)
	e.limited("one", 60)
	count(1, 0, 0, 0)
	e.confirmWord("revert", "one")
	count(0, 0, 0, 1)
	e.limited("two", 1)
	e.wentBack("two")
	count(0, 0, 1, 1)
	e.limited("three", 60)
	e.confirmWord("confirm", "three")
	count(0, 1, 1, 1)
}

func TestF32CertificatesAreNotToldOfNamesThatWentBack(t *testing.T) {
	e, _ := twoHosts(t)
	secure := says("secure.test", "hello")
	secure["tls"] = "internal"
	told := func() bool {
		_, there := e.call("GET", "/argos/certificates", nil).body["names"].(m)["secure.test"]
		return there
	}
	want(t, "swap", e.swap(m{"generation": 2, "hosts": m{"h_s": secure}, "confirm": m{"id": "one", "within_s": 60}}).status, 200)
	want(t, "told", told(), true)
	want(t, "put back", e.confirmWord("revert", "one").status, 200)
	want(t, "told", told(), false)
}

func TestF32ABadWordIsAnsweredInWordsAndChangesNothing(t *testing.T) {
	e, before := twoHosts(t)
	long := strings.Repeat("x", 65)
	for _, more := range []string{
		`"confirm":{"id":"","within_s":60}`, `"confirm":{"id":"a b","within_s":60}`, `"confirm":{"id":"` + long + `","within_s":60}`,
		`"confirm":{"id":"one"}`, `"confirm":{"id":"one","within_s":0.5}`, `"confirm":{"id":"one","within_s":601}`,
		`"confirm":{"id":"one","within_s":60,"more":1}`, `"confirm":"one"`, `"origin":"a\nb"`, `"origin":"` + long + `"`,
	} {
		for _, path := range []string{"/argos/swap", "/load"} {
			body := `{"generation":2,"hosts":{"h_a":null},` + more + `}`
			if path == "/load" {
				body = `{"base":{},"generation":2,` + more + `}`
			}
			got := e.call("POST", path, []byte(body), "If-Match", "*")
			if said, _ := got.body["error"].(string); got.status != 400 || said == "" {
				t.Errorf("%s %s: %d %v", path, more, got.status, got.body)
			}
		}
	}
	e.limited("one", 60)
	for _, seconds := range []any{0, 601, -1, "60"} {
		got := e.call("POST", "/argos/extend", m{"id": "one", "within_s": seconds})
		want(t, fmt.Sprint("extend ", seconds), got.status, 400)
	}
	want(t, "put back", e.confirmWord("revert", "one").status, 200)
	want(t, "etag", e.info()["etag"], before)
}

func TestCF11AChangeForALimitedTimeMadeForAnotherStateIsRefused(t *testing.T) {
	e, before := twoHosts(t)
	byHand := e.swap(m{"generation": 1, "origin": "by-hand", "hosts": m{"h_b": says("b.test", "hand")}})
	want(t, "by hand", byHand.status, 200)
	confirm := m{"id": "one", "within_s": 60}
	for path, body := range map[string]m{
		"/argos/swap": {"generation": 2, "hosts": m{"h_a": nil}, "confirm": confirm},
		"/load":       {"generation": 2, "base": e.base(m{"max_header_bytes": 70000}), "hosts": m{}, "confirm": confirm},
	} {
		got := e.call("POST", path, body, "If-Match", fmt.Sprintf("%q", before))
		want(t, path, got.status, 412)
		want(t, path, got.body["etag"], byHand.body["etag"])
	}
	info := e.info()
	want(t, "pending", info["pending"], nil)
	want(t, "who", info["origin"], "by-hand")
	// Something that changes nothing is nobody's, and a change that goes back gives the former one back.
	want(t, "the same again", e.swap(m{"generation": 2, "origin": "panel", "hosts": m{"h_b": says("b.test", "hand")}}).status, 200)
	want(t, "who", e.info()["origin"], "by-hand")
	e.limited("two", 60)
	want(t, "who meanwhile", e.info()["origin"], "panel-1")
	want(t, "put back", e.confirmWord("revert", "two").status, 200)
	want(t, "who", e.info()["origin"], "by-hand")
	e.restart()
	e.booted()
	want(t, "who, after a kill", e.info()["origin"], "by-hand")
	e.serves("b.test", "hand")
}

// Something was refused, and what ran before does not load any more: a socket of its has no place to be.
func TestF32ARefusedLoadThatCannotBeUndoneAtOnceDoesNotStay(t *testing.T) {
	e := startEdge(t)
	folder := filepath.Join(e.data, "extra")
	first := e.base(nil)
	must(t, os.Mkdir(folder, 0o700))
	plain := first["apps"].(m)["http"].(m)["servers"].(m)["http"].(m)
	plain["listen"] = append(plain["listen"].(a), "unix/"+filepath.Join(folder, "s"))
	before := e.load(m{"base": first, "generation": 1, "hosts": m{"h_a": says("a.test", "a"), "h_b": says("b.test", "b")}})
	want(t, "before", before.status, 200)
	must(t, os.Rename(folder, folder+".away"))

	got := e.load(m{"base": e.base(nil), "generation": 2, "confirm": m{"id": "one", "within_s": 60},
		"hosts": m{"h_a": says("a.test", "a2"), "h_b": broken("b.test")}})
	want(t, "status", got.status, 422)
	want(t, "refused", len(got.body["refused"].(m)), 1)
	info := e.info()
	waits, _ := info["pending"].(m)
	if waits["id"] != "one" || waits["problem"] == nil || waits["remaining_ms"] != 0.0 || info["saved"] != false {
		t.Fatalf("pending: %v, saved: %v", info["pending"], info["saved"])
	}
	want(t, "it cannot be kept", e.confirmWord("confirm", "one").status, 409)
	must(t, os.Rename(folder+".away", folder))
	info = e.wentBack("one")
	if reason := fmt.Sprint(info["reverted"].(m)["reason"]); !strings.HasPrefix(reason, "refused: host:h_b: ") {
		t.Errorf("reason: %s", reason)
	}
	want(t, "etag", info["etag"], before.body["etag"])
	want(t, "saved", info["saved"], true)
	e.servesBefore()
	e.measured("argos_pending 0", `argos_confirm_total{outcome="refused"} 1`)
}
