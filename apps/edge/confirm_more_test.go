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
