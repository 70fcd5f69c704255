package live

import (
	"strings"

	"argos/edge/gate"
	"argos/edge/metrics"
	"argos/edge/requests"
)

// endRequests cancels the open requests that the next edition of a host no longer stands for: all of
// them when it is gone, off or stricter, else those that came for a name it has lost. Requests of the
// next edition itself are let be.
func endRequests(old, next *Host) {
	if next == nil {
		metrics.DropHost(old.ID)
	}
	all := next == nil || next.Off && !old.Off || gate.Tightened(old.policy, next.policy)
	if !all && !loses(old, next) {
		return
	}
	old.ended.Store(true) // before the registry is read: see Ended
	requests.Cancel(func(r *requests.Record) bool {
		if r.HostID != old.ID || next != nil && r.HostSerial >= next.Serial {
			return false
		}
		return all || !next.covers(r.Name)
	})
}

func loses(old, next *Host) bool {
	for _, n := range old.Names {
		if !next.covers(n) {
			return true
		}
	}
	return false
}

// covers tells whether the host stands for a name, or, given a wildcard, has the same.
func (h *Host) covers(name string) bool {
	_, parent, _ := strings.Cut(name, ".")
	for _, n := range h.Names {
		if n == name || strings.HasPrefix(n, "*.") && n[2:] == parent && !strings.HasPrefix(name, "*.") {
			return true
		}
	}
	return false
}
