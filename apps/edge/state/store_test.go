package state

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func object(generation int64, raw string) Object {
	return Object{Raw: json.RawMessage(raw), Generation: generation}
}

func one(generation int64, raw string) *Object { o := object(generation, raw); return &o }

func whole() Saved {
	return Saved{
		Base: json.RawMessage(`{"apps":{"http":{}}, "x":"<&>\u2028"}`), Generation: 7,
		Hosts: map[string]Object{"h_a": object(3, `{"names":["a.test"]}`), "h_b": object(7, "{\n  \"names\": [\"b.test\"]\n}")},
		Pools: map[string]Object{"p_a": object(3, `{"targets":[]}`)},
	}
}

// edits are three saves after the whole, and with returns the state after n of them.
var edits = []Edit{
	{Generation: 8, Hosts: map[string]*Object{"h_a": one(8, `{"names":["a2.test"]}`)}, Pools: map[string]*Object{"p_b": one(8, `{}`)}},
	{Generation: 9, Marks: Marks{Origin: "panel", Confirmed: "c-1"}, Hosts: map[string]*Object{"h_b": nil}},
	{Generation: 10, Hosts: map[string]*Object{"h_c": one(10, `{"names":["c.test"]}`)}, Pools: map[string]*Object{"p_a": nil}},
}

func with(t *testing.T, n int) Saved {
	t.Helper()
	s := whole()
	for _, e := range edits[:n] {
		if err := s.apply(e.encode()); err != nil {
			t.Fatal(err)
		}
	}
	return s
}

func open(t *testing.T, dir string) *Store {
	t.Helper()
	s, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = s.Close() })
	return s
}

func newest(t *testing.T, s *Store) *Edition {
	t.Helper()
	found, errs := s.Editions()
	if len(found) == 0 {
		t.Fatalf("nothing to boot from: %v", errs)
	}
	return found[0]
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestSavedStateComesBackByteForByte(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	must(t, s.Write(whole()))
	for _, e := range edits {
		must(t, s.Append(e))
	}
	must(t, s.Close())
	if got := newest(t, open(t, dir)); !got.Equal(with(t, 3)) || !got.Current() || got.Torn() {
		t.Errorf("got %+v", got)
	}
}

func TestF32AnEditionCutAtAnyByteGivesTheLastWholeSave(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	before := Saved{Base: json.RawMessage(`{"before":true}`), Generation: 1}
	must(t, s.Write(before))
	must(t, s.Write(whole()))
	ends := []int64{s.size}
	for _, e := range edits {
		must(t, s.Append(e))
		ends = append(ends, s.size)
	}
	path := s.path(s.current)
	must(t, s.Close())
	data, err := os.ReadFile(path)
	must(t, err)

	for cut := 0; cut <= len(data); cut++ {
		must(t, os.WriteFile(path, data[:cut], 0o600))
		saves := -1 // whole saves before the cut, less the first
		for _, end := range ends {
			if int64(cut) >= end {
				saves++
			}
		}
		want, torn := before, false
		if saves >= 0 {
			want, torn = with(t, saves), int64(cut) != ends[saves]
		}
		again := open(t, dir)
		got := newest(t, again)
		if !got.Equal(want) || got.Torn() != torn || got.Current() != (saves >= 0) {
			t.Fatalf("cut at %d of %d: generation %d, torn %v, current %v", cut, len(data), got.Generation, got.Torn(), got.Current())
		}
		if saves < 0 {
			continue
		}
		// And what is saved on top of a torn end is found after it.
		must(t, again.Continue(got))
		must(t, again.Append(Edit{Generation: 99}))
		must(t, again.Close())
		if g := newest(t, open(t, dir)); g.Generation != 99 || g.Torn() || len(g.Hosts) != len(want.Hosts) {
			t.Fatalf("cut at %d, then saved: generation %d, torn %v", cut, g.Generation, g.Torn())
		}
	}
}

func TestF32MarksAreThoseOfTheLastSave(t *testing.T) {
	for _, marks := range []Marks{{}, {Origin: "panel"}, {Confirmed: "c-1"}, {Origin: "panel", Confirmed: "c-1"}} {
		dir := t.TempDir()
		s := open(t, dir)
		saved := whole()
		saved.Marks = Marks{Origin: "former", Confirmed: "c-0"}
		must(t, s.Write(saved))
		if got := newest(t, s); got.Marks != saved.Marks {
			t.Errorf("%+v", got.Marks)
		}
		must(t, s.Append(Edit{Generation: 8, Marks: marks}))
		if got := newest(t, open(t, dir)); got.Marks != marks {
			t.Errorf("%+v, want %+v", got.Marks, marks)
		}
	}
}

func TestAnEditionWithoutMarksIsReadAsBefore(t *testing.T) {
	if raw := string(whole().encode()); strings.Contains(raw, "marks") {
		t.Errorf("empty marks are written, so that an older edge would not boot: %s", raw)
	}
}

// What an entry means cannot be guessed: the state before it is known.
func TestAnEntryOfANewerVersionIsNotGuessedAt(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	must(t, s.Write(whole()))
	must(t, s.Write(with(t, 1)))
	file, err := os.OpenFile(s.path(s.current), os.O_APPEND|os.O_WRONLY, 0)
	must(t, err)
	_, err = file.Write(frame([]byte("generation 9\nnovelty x\n")))
	must(t, errors.Join(err, file.Close()))
	found, errs := open(t, dir).Editions()
	if len(errs) != 1 || len(found) != 1 || !found[0].Equal(whole()) || found[0].Current() {
		t.Errorf("found %d editions, errors %v", len(found), errs)
	}
}

func TestADamagedByteIsNeverServed(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	must(t, s.Write(whole()))
	must(t, s.Append(edits[0]))
	path := s.path(s.current)
	must(t, s.Close())
	data, err := os.ReadFile(path)
	must(t, err)
	for at := range data {
		damaged := append([]byte(nil), data...)
		damaged[at] ^= 0x55
		must(t, os.WriteFile(path, damaged, 0o600))
		found, errs := open(t, dir).Editions()
		if len(errs) == 0 {
			t.Fatalf("byte %d: no error is told", at)
		}
		if len(found) > 0 && !found[0].Equal(whole()) {
			t.Fatalf("byte %d: something else came back: %+v", at, found[0].Saved)
		}
	}
}

func TestAnEditionIsKeptUntilTheNextIsWhole(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	for generation := int64(1); generation <= 5; generation++ {
		must(t, s.Write(Saved{Base: json.RawMessage(`{}`), Generation: generation}))
	}
	// A kill while the sixth was being written leaves this behind.
	must(t, os.WriteFile(filepath.Join(dir, ".edition-00000006"), []byte("A1 00"), 0o600))
	again := open(t, dir)
	found, errs := again.Editions()
	if len(errs) > 0 || len(found) != 2 || found[0].Generation != 5 || found[1].Generation != 4 {
		t.Errorf("found %d editions, errors %v", len(found), errs)
	}
	if _, err := os.Stat(filepath.Join(dir, ".edition-00000006")); !errors.Is(err, os.ErrNotExist) {
		t.Error("the half-written edition is still there")
	}
}

func TestTheEditionThatWasBootedFromIsKeptInsteadOfADamagedOne(t *testing.T) {
	dir := t.TempDir()
	s := open(t, dir)
	must(t, s.Write(Saved{Base: json.RawMessage(`{"a":1}`), Generation: 1}))
	must(t, s.Write(Saved{Base: json.RawMessage(`{"a":2}`), Generation: 2}))
	must(t, os.WriteFile(s.path(2), []byte("no"), 0o600))
	must(t, s.Close())

	again := open(t, dir)
	e := newest(t, again)
	if e.Generation != 1 || e.Current() {
		t.Fatalf("booted from %+v", e)
	}
	again.Prefer(e)
	must(t, again.Write(Saved{Base: json.RawMessage(`{"a":3}`), Generation: 3}))
	found, errs := again.Editions()
	if len(errs) > 0 || len(found) != 2 || found[0].Generation != 3 || found[1].Generation != 1 {
		t.Errorf("found %d editions, errors %v", len(found), errs)
	}
}

func TestAFailedAppendAsksForAWrite(t *testing.T) {
	s := open(t, t.TempDir())
	if err := s.Append(edits[0]); !errors.Is(err, ErrNoEdition) {
		t.Errorf("without an edition: %v", err)
	}
	must(t, s.Write(whole()))
	must(t, s.file.Close()) // as a disk that is gone
	if err := s.Append(edits[0]); err == nil {
		t.Error("an edit that was not written is said to be saved")
	}
	if err := s.Append(edits[0]); !errors.Is(err, ErrNoEdition) {
		t.Errorf("after a failure: %v", err)
	}
	must(t, s.Write(with(t, 1)))
	must(t, s.Append(edits[1]))
	if got := newest(t, s); !got.Equal(with(t, 2)) {
		t.Errorf("got %+v", got)
	}
}

func TestEditsMakeAnEditionGrowUntilItIsWorthANewOne(t *testing.T) {
	s := open(t, t.TempDir())
	must(t, s.Write(whole()))
	big := fmt.Sprintf(`{"x":"%0*d"}`, smallest/4, 0)
	for i := range 6 {
		if i < 4 && s.Grown() {
			t.Fatalf("grown after %d edits", i)
		}
		must(t, s.Append(Edit{Generation: int64(10 + i), Hosts: map[string]*Object{"h": one(1, big)}}))
	}
	if !s.Grown() {
		t.Error("never grown")
	}
}

func BenchmarkOneEditOfFiveThousandHosts(b *testing.B) {
	s, err := Open(b.TempDir())
	if err != nil {
		b.Fatal(err)
	}
	saved := Saved{Base: json.RawMessage(`{}`), Hosts: map[string]Object{}}
	raw := fmt.Sprintf(`{"names":["x.test"],"handle":[{"handler":"argos_gate","x":"%0500d"}]}`, 0)
	for i := range 5000 {
		saved.Hosts[fmt.Sprintf("h_%d", i)] = object(1, raw)
	}
	if err := s.Write(saved); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if err := s.Append(Edit{Generation: 2, Hosts: map[string]*Object{"h_1": one(2, raw)}}); err != nil {
			b.Fatal(err)
		}
	}
}
