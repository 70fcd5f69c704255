package requests

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"sync"
	"testing"
)

func newRecord() *Record {
	return New(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil))
}

func TestTheRecordPrintsNothing(t *testing.T) {
	r := newRecord()
	r.Cookies = []Cookie{{GateCookie, "HUSH"}}
	j, err := json.Marshal(map[string]any{"r": r})
	if err != nil || string(j) != `{"r":null}` {
		t.Errorf("%s %v", j, err)
	}
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%d"} {
		if s := fmt.Sprintf(verb, r); s != "" {
			t.Errorf("%s: %s", verb, s)
		}
	}
}

func TestIDsSort(t *testing.T) {
	var ids []string
	for range 1000 {
		ids = append(ids, newID())
	}
	seen := map[string]bool{}
	for _, id := range ids {
		if len(id) != 26 || seen[id] {
			t.Fatalf("%q", id)
		}
		seen[id] = true
	}
	byTime := slices.Clone(ids)
	slices.SortStableFunc(byTime, func(a, b string) int { return slices.Compare([]byte(a[:9]), []byte(b[:9])) })
	if !slices.Equal(ids, byTime) {
		t.Error("ids do not sort by time")
	}
}

func TestCancelReachesExactlyWhatMatches(t *testing.T) {
	var records []*Record
	var contexts []context.Context
	for i := range 200 {
		r := newRecord()
		r.HostID = fmt.Sprint("h", i%2)
		records, contexts = append(records, r), append(contexts, r.Enter(context.Background()))
	}
	if n := Cancel(func(r *Record) bool { return r.HostID == "h0" }); n != 100 {
		t.Errorf("%d", n)
	}
	for i, ctx := range contexts {
		if (context.Cause(ctx) == ErrCancelled) != (i%2 == 0) {
			t.Fatalf("%d: %v", i, context.Cause(ctx))
		}
	}
	for _, r := range records {
		r.Leave()
	}
	if Open() != 0 {
		t.Errorf("%d open", Open())
	}
	// A second pass of a cancelled request is cancelled from the start.
	if ctx := records[0].Enter(context.Background()); context.Cause(ctx) != ErrCancelled || !records[0].Killed() {
		t.Error("the second pass was let off")
	}
	records[0].Leave()
}

func TestEnterLeaveAndCancelTogether(t *testing.T) {
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			for range 2000 {
				r := newRecord()
				r.HostID = "x"
				r.Enter(context.Background())
				r.Leave()
			}
		})
	}
	wg.Go(func() {
		for range 200 {
			CancelAll()
		}
	})
	wg.Wait()
	if Open() != 0 {
		t.Errorf("%d open", Open())
	}
}

func BenchmarkRequest(b *testing.B) {
	w, q := httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil)
	b.ReportAllocs()
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			r := New(w, q)
			r.Enter(q.Context())
			r.Leave()
		}
	})
}

func BenchmarkLiftCookies(b *testing.B) {
	b.ReportAllocs()
	h := http.Header{"Cookie": {"session=abcdef; theme=dark; _ga=GA1.2.3.4"}}
	r := newRecord()
	for b.Loop() {
		r.LiftCookies(h, false)
	}
}
