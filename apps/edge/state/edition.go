package state

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// Edition is one saved state as a boot finds it.
type Edition struct {
	Saved
	number int
	whole  int64 // bytes of whole frames
	first  int64
	torn   bool // something stands after them: a save that was cut short, so never acknowledged
	newest bool
}

// Current says that this is the newest edition on disk, with nothing torn.
func (e *Edition) Current() bool { return e.newest }

// Torn says that a save was cut short at its end.
func (e *Edition) Torn() bool { return e.torn }

// Editions reads what can be read, newest first, and says what could not.
func (s *Store) Editions() ([]*Edition, []error) {
	numbers, err := s.editions()
	if err != nil {
		return nil, []error{err}
	}
	var found []*Edition
	var errs []error
	for i, number := range numbers {
		e, err := s.read(number)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", filepath.Base(s.path(number)), err))
			continue
		}
		if e.torn {
			errs = append(errs, fmt.Errorf("%s: the last save is %w; the one before it counts", filepath.Base(s.path(number)), errCut))
		}
		e.newest = i == 0
		found = append(found, e)
	}
	return found, errs
}

func (s *Store) read(number int) (*Edition, error) {
	data, err := os.ReadFile(s.path(number))
	if err != nil {
		return nil, err
	}
	payload, rest, err := unframe(data)
	if errors.Is(err, io.EOF) {
		return nil, errCut
	}
	if err != nil {
		return nil, err
	}
	e := &Edition{number: number, Saved: Saved{Hosts: map[string]Object{}, Pools: map[string]Object{}}}
	if err := e.apply(payload); err != nil {
		return nil, err
	}
	e.first = int64(len(data) - len(rest))
	for {
		payload, after, err := unframe(rest)
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			e.torn = true
			break
		}
		if err := e.apply(payload); err != nil {
			return nil, err
		}
		rest = after
	}
	e.whole = int64(len(data) - len(rest))
	return e, nil
}

// Continue makes Append add to the edition, whose torn end is cut off first.
func (s *Store) Continue(e *Edition) error {
	file, err := os.OpenFile(s.path(e.number), os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("going on with the saved state: %w", err)
	}
	if e.torn {
		err = errors.Join(file.Truncate(e.whole), file.Sync())
	}
	if err == nil {
		_, err = file.Seek(e.whole, io.SeekStart)
	}
	if err != nil {
		return fmt.Errorf("going on with the saved state: %w", errors.Join(err, file.Close()))
	}
	s.current, s.file, s.size, s.first = e.number, file, e.whole, e.first
	return nil
}

// Prefer makes the edition the one that the next Write keeps as the previous one.
func (s *Store) Prefer(e *Edition) { s.current = e.number }

// Equal compares what would be served, byte by byte.
func (s Saved) Equal(other Saved) bool {
	return bytes.Equal(s.Base, other.Base) && s.Generation == other.Generation && s.Marks == other.Marks &&
		sameObjects(s.Hosts, other.Hosts) && sameObjects(s.Pools, other.Pools)
}

func sameObjects(a, b map[string]Object) bool {
	if len(a) != len(b) {
		return false
	}
	for id, o := range a {
		p, ok := b[id]
		if !ok || o.Generation != p.Generation || !bytes.Equal(o.Raw, p.Raw) {
			return false
		}
	}
	return true
}
