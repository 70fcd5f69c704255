package control

import (
	"encoding/json"
	"iter"
	"maps"

	"argos/edge/state"
)

// objects are hosts or pools by id. A value is never changed once it is published: with returns another one that shares
// all but the parts it touches, so that an edit of one host costs the same however many there are.
type objects struct {
	kind  string // "host" or "pool"
	parts [256]map[string]object
	count int
	sum   digest // of all lines: see digest
}

func newObjects(kind string, all map[string]object) *objects {
	o := &objects{kind: kind}
	for id, one := range all {
		o.put(id, one)
	}
	return o
}

func (o *objects) get(id string) (object, bool) {
	one, ok := o.parts[part(id)][id]
	return one, ok
}

func (o *objects) len() int { return o.count }

// all goes through them in no order.
func (o *objects) all() iter.Seq2[string, object] {
	return func(yield func(string, object) bool) {
		for _, p := range o.parts {
			for id, one := range p {
				if !yield(id, one) {
					return
				}
			}
		}
	}
}

// with returns the objects as they are after the changes; nil removes.
func (o *objects) with(changes map[string]*object) *objects {
	if len(changes) == 0 {
		return o
	}
	next := *o
	var own [256]bool
	for id, one := range changes {
		if p := part(id); !own[p] {
			own[p] = true
			next.parts[p] = maps.Clone(next.parts[p])
		}
		if one == nil {
			next.drop(id)
		} else {
			next.put(id, *one)
		}
	}
	return &next
}

func (o *objects) put(id string, one object) {
	o.drop(id)
	p := part(id)
	if o.parts[p] == nil {
		o.parts[p] = map[string]object{}
	}
	o.parts[p][id] = one
	o.count++
	o.sum.add(lineOf(o.kind, id, one.hash))
}

func (o *objects) drop(id string) {
	p := part(id)
	old, ok := o.parts[p][id]
	if !ok {
		return
	}
	delete(o.parts[p], id)
	o.count--
	o.sum.remove(lineOf(o.kind, id, old.hash))
}

func (o *objects) raws() map[string]json.RawMessage {
	out := make(map[string]json.RawMessage, o.count)
	for id, one := range o.all() {
		out[id] = one.raw
	}
	return out
}

func (o *objects) state() map[string]state.Object {
	out := make(map[string]state.Object, o.count)
	for id, one := range o.all() {
		out[id] = state.Object{Raw: one.raw, Generation: one.generation}
	}
	return out
}

// part is FNV-1a of the id, folded.
func part(id string) byte {
	h := uint32(2166136261)
	for i := range len(id) {
		h = (h ^ uint32(id[i])) * 16777619
	}
	return byte(h ^ h>>8 ^ h>>16 ^ h>>24)
}
