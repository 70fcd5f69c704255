package gate

import (
	"reflect"
	"slices"
)

// tightened is false only when the next policy has every way in that the old one has, path by path.
func tightened(old, next *Policy) bool {
	if next.Kind == public {
		return false
	}
	if next.Kind != rules || old.Kind != rules && old.Kind != public {
		return true
	}
	if old.Kind == public {
		return !open(next.Any) || slices.ContainsFunc(next.Paths, func(p PathPolicy) bool { return !p.open() })
	}
	if lost(old.Any, next.Any) || len(old.Paths) != len(next.Paths) {
		return true
	}
	for _, was := range old.Paths {
		i := slices.IndexFunc(next.Paths, func(p PathPolicy) bool { return p.Prefix == was.Prefix })
		if i < 0 || !next.Paths[i].open() && (was.open() || lost(was.Any, next.Paths[i].Any)) {
			return true
		}
	}
	return false
}

// open tells whether everybody passes.
func open(ways []Clause) bool {
	return slices.ContainsFunc(ways, func(c Clause) bool { return reflect.DeepEqual(c, Clause{}) })
}

func (p *PathPolicy) open() bool { return p.Kind == public || open(p.Any) }

// lost tells whether a way in is gone.
func lost(old, next []Clause) bool {
	return !open(next) && slices.ContainsFunc(old, func(was Clause) bool {
		return !slices.ContainsFunc(next, func(c Clause) bool { return reflect.DeepEqual(c, was) })
	})
}
