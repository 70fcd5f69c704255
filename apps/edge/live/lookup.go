package live

import (
	"strings"

	"argos/edge/metrics"
)

// Find looks a canonical name up: exact first, then the wildcard of its parent (one label).
// A host that is found must be released.
func Find(name string) *Host {
	current.RLock()
	defer current.RUnlock()
	h := current.find(name)
	if h != nil {
		h.refs.Add(1)
	}
	return h
}

// Known tells whether TLS is spoken for a canonical name: by a host that is on and has a certificate, or by the panel.
func Known(name string) bool {
	if name == "" {
		return false
	}
	if IsPanel(name) {
		return true
	}
	current.RLock()
	defer current.RUnlock()
	h := current.find(name)
	return h != nil && !h.Off && h.TLS != TLSNone
}

// IsPanel tells whether a canonical name is one of the panel's.
func IsPanel(name string) bool {
	for _, n := range CurrentSettings().Panel.Names {
		if n == name {
			return true
		}
	}
	return false
}

func (t *table) find(name string) *Host {
	if h := t.exact[name]; h != nil {
		return h
	}
	if i := strings.IndexByte(name, '.'); i > 0 {
		return t.wild[name[i+1:]]
	}
	return nil
}

// AcquirePool returns the pool that is live under id, or nil. It must be released.
func AcquirePool(id string) *Pool {
	current.RLock()
	defer current.RUnlock()
	p := current.pools[id]
	if p != nil {
		p.refs.Add(1)
	}
	return p
}

// owner returns the id of the host that has exactly this name or wildcard, "" when nobody has.
func (t *table) owner(name string) string {
	t.RLock()
	defer t.RUnlock()
	h := t.exact[name]
	if parent, ok := strings.CutPrefix(name, "*."); ok {
		h = t.wild[parent]
	}
	if h == nil {
		return ""
	}
	return h.ID
}

func (t *table) hasPool(id string) bool {
	t.RLock()
	defer t.RUnlock()
	return t.pools[id] != nil
}

// put and drop keep the name indexes; the caller holds the lock.
func (t *table) put(h *Host) {
	t.hosts[h.ID] = h
	h.Counters = metrics.ForHost(h.ID)
	for _, n := range h.Names {
		if parent, ok := strings.CutPrefix(n, "*."); ok {
			t.wild[parent] = h
		} else {
			t.exact[n] = h
		}
	}
}

func (t *table) drop(h *Host) {
	delete(t.hosts, h.ID)
	for _, n := range h.Names {
		if parent, ok := strings.CutPrefix(n, "*."); ok {
			if t.wild[parent] == h {
				delete(t.wild, parent)
			}
		} else if t.exact[n] == h {
			delete(t.exact, n)
		}
	}
}
