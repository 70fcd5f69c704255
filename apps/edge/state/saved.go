// Package state keeps what the edge serves on disk, so that it comes back alone after any kill.
//
// It promises: what Write or Append has returned for is there after a kill or a power cut at any later point; what was
// being written then is there whole or not at all; and the state before the last Write stays beside it, for a boot
// that cannot use the newest. An edit of one host costs one small append and one fsync, however many hosts there are.
//
// The folder holds editions, `edition-00000012`: a first frame with everything, then a frame for each edit since. A new
// edition is written beside, synced, and renamed into place; the one before it is kept. Objects are kept as the exact
// bytes the panel sent, as their hashes are compared with its own. An entry that this version does not know makes the
// edition unreadable, as what it means cannot be guessed: an older edge then boots from the one before, or from nothing.
// `marks` is such an entry: edges before it read only editions in which nobody said who they are or confirmed anything.
package state

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strconv"
)

// Object is a host or a pool: its JSON as it was sent, and the generation that brought it.
type Object struct {
	Raw        json.RawMessage
	Generation int64
}

// Saved is everything the edge serves. The generation is the panel's, of the last change that got here.
type Saved struct {
	Base       json.RawMessage
	Generation int64
	Marks
	Hosts, Pools map[string]Object
}

// Marks tell whose state it is. They are words without spaces; empty ones are not written.
type Marks struct {
	// Who made the last change.
	Origin string
	// The last change that was confirmed.
	Confirmed string
}

// Edit is what one swap changed. A nil object was removed. Its marks are those of the whole state after it.
type Edit struct {
	Generation int64
	Marks
	Hosts, Pools map[string]*Object
}

const (
	host = "host"
	pool = "pool"
)

// encode writes the entries of a whole state: lines of words, each with a length followed by that many bytes.
func (s Saved) encode() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "generation %d\n", s.Generation)
	s.Marks.encode(&out)
	entry(&out, fmt.Sprintf("base %d", len(s.Base)), s.Base)
	for kind, objects := range map[string]map[string]Object{host: s.Hosts, pool: s.Pools} {
		for id, o := range objects {
			entry(&out, fmt.Sprintf("%s %s %d %d", kind, id, o.Generation, len(o.Raw)), o.Raw)
		}
	}
	return out.Bytes()
}

func (e Edit) encode() []byte {
	var out bytes.Buffer
	fmt.Fprintf(&out, "generation %d\n", e.Generation)
	e.Marks.encode(&out)
	for kind, objects := range map[string]map[string]*Object{host: e.Hosts, pool: e.Pools} {
		for _, id := range slices.Sorted(maps.Keys(objects)) {
			if o := objects[id]; o == nil {
				fmt.Fprintf(&out, "drop %s %s\n", kind, id)
			} else {
				entry(&out, fmt.Sprintf("%s %s %d %d", kind, id, o.Generation, len(o.Raw)), o.Raw)
			}
		}
	}
	return out.Bytes()
}

func (m Marks) encode(out *bytes.Buffer) {
	if m != (Marks{}) {
		fmt.Fprintf(out, "marks %s %s\n", m.Origin, m.Confirmed)
	}
}

func entry(out *bytes.Buffer, line string, raw []byte) {
	out.WriteString(line)
	out.WriteByte('\n')
	out.Write(raw)
	out.WriteByte('\n')
}

var errEntry = errors.New("an entry that this version does not know")

// apply reads a frame's entries into s. Marks are those of the last frame: one without them was made by nobody known.
func (s *Saved) apply(payload []byte) error {
	s.Marks = Marks{}
	for len(payload) > 0 {
		line, rest, ok := bytes.Cut(payload, []byte("\n"))
		if !ok {
			return errEntry
		}
		words := bytes.Split(line, []byte(" "))
		var raw []byte
		var err error
		switch kind := string(words[0]); {
		case kind == "generation" && len(words) == 2:
			s.Generation, err = number(words[1])
		case kind == "marks" && len(words) == 3:
			s.Marks = Marks{Origin: string(words[1]), Confirmed: string(words[2])}
		case kind == "base" && len(words) == 2:
			if raw, rest, err = take(rest, words[1]); err == nil {
				s.Base = raw
			}
		case (kind == host || kind == pool) && len(words) == 4:
			var generation int64
			if generation, err = number(words[2]); err == nil {
				raw, rest, err = take(rest, words[3])
			}
			if err == nil {
				s.objects(kind)[string(words[1])] = Object{Raw: raw, Generation: generation}
			}
		case kind == "drop" && len(words) == 3 && (string(words[1]) == host || string(words[1]) == pool):
			delete(s.objects(string(words[1])), string(words[2]))
		default:
			err = errEntry
		}
		if err != nil {
			return fmt.Errorf("%.60q: %w", line, err)
		}
		payload = rest
	}
	return nil
}

func (s *Saved) objects(kind string) map[string]Object {
	if kind == host {
		return s.Hosts
	}
	return s.Pools
}

func number(word []byte) (int64, error) { return strconv.ParseInt(string(word), 10, 64) }

// take splits off as many bytes as the word says, and the line end after them.
func take(data, length []byte) (raw, rest []byte, err error) {
	n, err := strconv.Atoi(string(length))
	if err != nil || n < 0 || n >= len(data) {
		return nil, nil, errEntry
	}
	return bytes.Clone(data[:n]), data[n+1:], nil
}
