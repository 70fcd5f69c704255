// Package metrics counts. Its text is what the control socket answers to GET /metrics.
//
// It promises that counting costs an atomic addition and no lock, and that there are never more series
// than hosts are live: a name that a visitor made up is counted under none. Counters belong to the
// process and go on over reloads and swaps.
package metrics

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"sync"
	"sync/atomic"
)

// Host counts one host's answers by the first digit of their status; 0 is an answer that never began.
type Host struct{ classes [6]atomic.Int64 }

// Answered counts one answer.
func (h *Host) Answered(status int) {
	class := status / 100
	if class < 0 || class > 5 {
		class = 0
	}
	h.classes[class].Add(1)
}

// Unknown counts answers to names nobody has, Panel those of the panel's pages.
var Unknown, Panel Host

var hosts = struct {
	sync.Mutex
	m map[string]*Host
}{m: map[string]*Host{}}

// ForHost returns the counters of a host, the same for all its editions.
func ForHost(id string) *Host {
	hosts.Lock()
	defer hosts.Unlock()
	h := hosts.m[id]
	if h == nil {
		h = new(Host)
		hosts.m[id] = h
	}
	return h
}

// DropHost forgets the counters of a host that is gone.
func DropHost(id string) {
	hosts.Lock()
	defer hosts.Unlock()
	delete(hosts.m, id)
}

// Write writes argos_requests_total in the Prometheus text format.
func Write(w io.Writer) error {
	hosts.Lock()
	all := maps.Clone(hosts.m)
	hosts.Unlock()
	if _, err := io.WriteString(w, "# HELP argos_requests_total Answered requests by host and class of status.\n# TYPE argos_requests_total counter\n"); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		if err := all[id].write(w, id); err != nil {
			return err
		}
	}
	if err := Unknown.write(w, ""); err != nil {
		return err
	}
	return Panel.write(w, "panel")
}

var classNames = [6]string{"none", "1xx", "2xx", "3xx", "4xx", "5xx"}

func (h *Host) write(w io.Writer, id string) error {
	for class := range h.classes {
		if n := h.classes[class].Load(); n > 0 {
			if _, err := fmt.Fprintf(w, "argos_requests_total{host=%q,code_class=%q} %d\n", id, classNames[class], n); err != nil {
				return err
			}
		}
	}
	return nil
}
