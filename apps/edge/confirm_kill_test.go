package main

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"testing"
	"time"
)

// tryConfirm is 0 when there was no answer.
func (e *edge) tryConfirm(id string) int {
	res, err := e.client.Post("http://edge/argos/confirm", "application/json", strings.NewReader(fmt.Sprintf(`{"id":%q}`, id)))
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	return res.StatusCode
}

// Whatever the moment of the kill: the change is kept whole and said to be confirmed, or neither; and an answer is true.
func TestCF12F32AKillAroundAConfirmationLeavesADefiniteTruth(t *testing.T) {
	e := loadedEdge(t, m{"h_a": says("a.test", "v0"), "h_b": says("b.test", "v0")})
	rounds := 20
	if testing.Short() {
		rounds = 5
	}
	kept := 0
	for round := 1; round <= rounds; round++ {
		was, id, text := e.info(), fmt.Sprint("c", round), fmt.Sprint("v", round)
		confirm := m{"id": id, "within_s": 60}
		hosts := m{"h_a": says("a.test", text), "h_b": says("b.test", text)}
		var got answer
		if round%4 == 0 { // one in four needs a load
			got = e.load(m{"base": e.base(m{"max_header_bytes": 70000 + round}), "generation": round, "hosts": hosts, "confirm": confirm})
		} else {
			got = e.swap(m{"generation": round, "hosts": hosts, "confirm": confirm})
		}
		if got.status != 200 {
			t.Fatalf("round %d: %d %v", round, got.status, got.body)
		}
		ctx, cancel := context.WithTimeout(t.Context(), time.Duration(rand.IntN(1000))*time.Microsecond)
		process, ended := e.process, e.ended
		go func() { <-ctx.Done(); _ = process.Process.Kill() }()
		status := e.tryConfirm(id)
		<-ended
		cancel()
		e.checkRaces()
		e.client.CloseIdleConnections()
		e.start()
		e.booted()
		now := e.info()
		a, err := e.visit("a.test")
		must(t, err)
		b, err := e.visit("b.test")
		must(t, err)
		switch {
		case now["confirmed"] == id && a == text && b == text && now["etag"] == got.body["etag"]:
			kept++
		case now["confirmed"] == was["confirmed"] && now["etag"] == was["etag"] && a == b && a != text && status == 0:
		default:
			t.Fatalf("round %d, answer %d: confirmed %v, %q and %q are served", round, status, now["confirmed"], a, b)
		}
		want(t, "pending", now["pending"], nil)
	}
	t.Logf("%d of %d kept", kept, rounds)
}

func TestF32AConfirmationAtTheDeadlineIsTakenOrTooLateAndNeverBoth(t *testing.T) {
	e, before := twoHosts(t)
	var taken, late int
	for round := range 7 {
		id := fmt.Sprint("c", round)
		got := e.limited(id, 1)
		want(t, "status", got.status, 200)
		e.eventually("the deadline is near", func() error {
			if left := e.remaining(id); left > 20 {
				return fmt.Errorf("%v ms", left)
			}
			return nil
		})
		// Asked by two at once, from 5 ms before it to when it has just passed.
		answers := make(chan int, 2)
		for range cap(answers) {
			go func() {
				for e.remaining(id) > float64(max(0, 5-round)) && t.Context().Err() == nil {
				}
				answers <- e.tryConfirm(id)
			}()
		}
		yes := 0
		for range cap(answers) {
			switch status := <-answers; status {
			case http.StatusOK:
				yes++
			case http.StatusConflict:
			default:
				t.Fatalf("status %d", status)
			}
		}
		if yes > 0 {
			taken++
			want(t, "etag", e.info()["etag"], got.body["etag"])
			want(t, "confirmed", e.info()["confirmed"], id)
			// To where it was.
			must(t, e.backTo(before))
			continue
		}
		late++
		want(t, "etag", e.wentBack(id)["etag"], before)
		e.servesBefore()
	}
	t.Logf("%d taken, %d too late", taken, late)
}

// remaining is what is left of a change in milliseconds, 0 when it is over.
func (e *edge) remaining(id string) float64 {
	res, err := e.client.Get("http://edge/argos/info?summary=1")
	if err != nil {
		return 0
	}
	defer res.Body.Close()
	var said struct {
		Pending struct {
			ID   string  `json:"id"`
			Left float64 `json:"remaining_ms"`
		} `json:"pending"`
	}
	if json.NewDecoder(res.Body).Decode(&said) != nil || said.Pending.ID != id {
		return 0
	}
	return said.Pending.Left
}

func (e *edge) backTo(etag any) error {
	got := e.swap(m{"generation": 1, "hosts": m{"h_a": says("a.test", "a"), "h_b": says("b.test", "b"), "h_c": nil}})
	if got.status != 200 || got.body["etag"] != etag {
		return fmt.Errorf("%d %v", got.status, got.body)
	}
	return nil
}
