package control

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"regexp"
	"slices"

	"argos/edge/live"
	"argos/edge/state"
)

// object is a host or a pool as it is served: its exact bytes, their hash, and the generation that brought it.
type object struct {
	raw        json.RawMessage
	hash       string
	generation int64
}

// served is everything the edge serves. It is never changed once it is published: a swap publishes another one, so that
// it can be read while a load runs.
type served struct {
	base         json.RawMessage
	baseHash     string
	generation   int64
	hosts, pools map[string]object
	etag         string
}

func newObject(raw json.RawMessage, generation int64) object {
	return object{raw: raw, hash: hashOf(raw), generation: generation}
}

// hashOf is the lower-case hex SHA-256 of the bytes as they were sent.
func hashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// seal computes the etag: SHA-256 over the sorted lines "base <hash>", "host <id> <hash>", "pool <id> <hash>". The
// panel computes the same from what it wants, so one number tells whether the two agree.
func (s *served) seal() *served {
	digest := sha256.New()
	if s.base != nil {
		fmt.Fprintf(digest, "base %s\n", s.baseHash)
	}
	lines(digest, "host", s.hosts)
	lines(digest, "pool", s.pools)
	s.etag = hex.EncodeToString(digest.Sum(nil))
	return s
}

// lines are sorted by id, which sorts them as whole lines too, as no character of an id is below the space after it.
func lines(digest io.Writer, kind string, objects map[string]object) {
	for _, id := range slices.Sorted(maps.Keys(objects)) {
		fmt.Fprintf(digest, "%s %s %s\n", kind, id, objects[id].hash)
	}
}

// edit returns a copy that may be changed until it is sealed.
func (s *served) edit() *served {
	next := *s
	next.hosts, next.pools = maps.Clone(s.hosts), maps.Clone(s.pools)
	return &next
}

// only keeps the objects whose exact JSON went live; the others keep what they had or are gone.
func (s *served) only(effective live.Set, before *served) {
	s.hosts = settle(s.hosts, effective.Hosts, before.hosts)
	s.pools = settle(s.pools, effective.Pools, before.pools)
}

func settle(wanted map[string]object, effective map[string]json.RawMessage, before map[string]object) map[string]object {
	settled := make(map[string]object, len(effective))
	for id, raw := range effective {
		hash := hashOf(raw)
		if o, ok := before[id]; ok && o.hash == hash {
			settled[id] = o
		} else if o, ok := wanted[id]; ok && o.hash == hash {
			settled[id] = o
		} else {
			settled[id] = newObject(raw, wanted[id].generation)
		}
	}
	return settled
}

func (s *served) saved() state.Saved {
	return state.Saved{Base: s.base, Generation: s.generation, Hosts: toState(s.hosts), Pools: toState(s.pools)}
}

func toState(objects map[string]object) map[string]state.Object {
	out := make(map[string]state.Object, len(objects))
	for id, o := range objects {
		out[id] = state.Object{Raw: o.raw, Generation: o.generation}
	}
	return out
}

func fromState(saved state.Saved) *served {
	s := &served{base: saved.Base, baseHash: hashOf(saved.Base), generation: saved.Generation,
		hosts: make(map[string]object, len(saved.Hosts)), pools: make(map[string]object, len(saved.Pools))}
	for id, o := range saved.Hosts {
		s.hosts[id] = newObject(o.Raw, o.Generation)
	}
	for id, o := range saved.Pools {
		s.pools[id] = newObject(o.Raw, o.Generation)
	}
	return s
}

func raws(objects map[string]object) map[string]json.RawMessage {
	out := make(map[string]json.RawMessage, len(objects))
	for id, o := range objects {
		out[id] = o.raw
	}
	return out
}

var idPattern = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,64}$`)

// checkIDs: an id stands in the etag's lines and in the saved state, so it has no spaces.
func checkIDs[T any](kind string, objects map[string]T) error {
	for id := range objects {
		if !idPattern.MatchString(id) {
			return fmt.Errorf("%s id %q: letters, digits, _, - and . are allowed, 64 at most", kind, id)
		}
	}
	return nil
}

// compose builds the one configuration that Caddy runs: the base, with hosts, pools and generation in apps.argos. The
// edge's own rules come last: no admin endpoint but our socket, nothing saved by Caddy.
func (s *served) compose() (json.RawMessage, error) {
	whole, err := fieldsOf(s.base, "base")
	if err != nil {
		return nil, err
	}
	apps, err := fieldsOf(whole["apps"], "apps")
	if err != nil {
		return nil, err
	}
	argos, err := fieldsOf(apps["argos"], "apps.argos")
	if err != nil {
		return nil, err
	}
	for name, value := range map[string]any{"hosts": raws(s.hosts), "pools": raws(s.pools), "generation": s.generation} {
		if argos[name], err = marshal(value); err != nil {
			return nil, err
		}
	}
	if apps["argos"], err = marshal(argos); err != nil {
		return nil, err
	}
	if whole["apps"], err = marshal(apps); err != nil {
		return nil, err
	}
	whole["admin"] = json.RawMessage(`{"disabled":true,"config":{"persist":false}}`)
	return marshal(whole)
}

func fieldsOf(raw json.RawMessage, name string) (map[string]json.RawMessage, error) {
	fields := map[string]json.RawMessage{}
	if len(raw) == 0 {
		return fields, nil
	}
	if err := json.Unmarshal(raw, &fields); err != nil || fields == nil {
		return nil, fmt.Errorf("%s: an object is wanted", name)
	}
	return fields, nil
}

// marshal leaves <, > and & as they are, for people who read the configuration.
func marshal(value any) (json.RawMessage, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	if err := encoder.Encode(value); err != nil {
		return nil, err
	}
	return bytes.TrimSpace(out.Bytes()), nil
}
