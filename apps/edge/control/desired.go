package control

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"regexp"

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
	marks        state.Marks // not in the etag
	hosts, pools *objects
	etag         string
}

// The two kinds of objects, as they stand in the etag's lines and in the names of what was refused.
const (
	host = "host"
	pool = "pool"
)

func newObject(raw json.RawMessage, generation int64) object {
	return object{raw: raw, hash: hashOf(raw), generation: generation}
}

// hashOf is the lower-case hex SHA-256 of the bytes as they were sent.
func hashOf(raw []byte) string {
	sum := sha256.Sum256(raw)
	return hex.EncodeToString(sum[:])
}

// seal computes the etag of base, hosts and pools: see digest.
func (s *served) seal() *served {
	var sum digest
	if s.base != nil {
		sum.add(lineOf("base", "", s.baseHash))
	}
	sum.add(s.hosts.sum)
	sum.add(s.pools.sum)
	s.etag = sum.String()
	return s
}

// nothing is what is served before the first base.
func nothing() *served {
	s := &served{hosts: newObjects(host, nil), pools: newObjects(pool, nil)}
	return s.seal()
}

// only keeps the objects whose exact JSON went live; the others keep what they had or are gone.
func (s *served) only(effective live.Set, before *served) {
	s.hosts = settle(s.hosts, effective.Hosts, before.hosts)
	s.pools = settle(s.pools, effective.Pools, before.pools)
}

func settle(wanted *objects, effective map[string]json.RawMessage, before *objects) *objects {
	settled := &objects{kind: wanted.kind}
	for id, raw := range effective {
		hash := hashOf(raw)
		w, _ := wanted.get(id)
		if o, ok := before.get(id); ok && o.hash == hash {
			settled.put(id, o)
		} else if w.hash == hash {
			settled.put(id, w)
		} else {
			settled.put(id, newObject(raw, w.generation))
		}
	}
	return settled
}

func (s *served) saved() state.Saved {
	return state.Saved{Base: s.base, Generation: s.generation, Marks: s.marks, Hosts: s.hosts.state(), Pools: s.pools.state()}
}

func fromState(saved state.Saved) *served {
	s := &served{base: saved.Base, baseHash: hashOf(saved.Base), generation: saved.Generation, marks: saved.Marks,
		hosts: newObjects(host, nil), pools: newObjects(pool, nil)}
	for id, o := range saved.Hosts {
		s.hosts.put(id, newObject(o.Raw, o.Generation))
	}
	for id, o := range saved.Pools {
		s.pools.put(id, newObject(o.Raw, o.Generation))
	}
	return s
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
	for name, value := range map[string]any{"hosts": s.hosts.raws(), "pools": s.pools.raws(), "generation": s.generation} {
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
