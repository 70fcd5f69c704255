// Package live is the process-wide table of what is being served: hosts by name and pools by id.
//
// It promises that a lookup costs the same with one host and with five thousand; that an entry is
// replaced whole and at once, never half; that a request which has found its host or pool keeps it
// to its own end, and that the old entry's handlers are cleaned up when the last such request is over;
// that a refused entry leaves what was there before.
//
// The table belongs to no configuration, so it outlives every reload: a new configuration prepares
// its entries beside the running ones and commits them in one step. Nothing here touches the disk.
//
// Callers hold one mutex around Prepare, Commit, Swap and Validate (Caddy's reverse_proxy writes
// package globals while it is provisioned); Find, Known, AcquirePool and Names need none.
package live

import (
	"encoding/json"
	"fmt"
	"maps"
	"net"
	"net/netip"
	"slices"
	"sync"
	"sync/atomic"

	"argos/edge/gate"
)

// Set is the JSON of hosts and pools by id, exactly as it was sent.
type Set struct {
	Hosts map[string]json.RawMessage `json:"hosts"`
	Pools map[string]json.RawMessage `json:"pools"`
}

// Refusal says why one entry is not served. Field is a path within the entry, empty when the whole is meant.
type Refusal struct{ Message, Field string }

// MarshalJSON writes an unknown field as null.
func (r Refusal) MarshalJSON() ([]byte, error) {
	out := struct {
		Message string  `json:"message"`
		Field   *string `json:"field"`
	}{Message: r.Message}
	if r.Field != "" {
		out.Field = &r.Field
	}
	return json.Marshal(out)
}

// Panel says where the panel is and under which names it is published.
type Panel struct {
	// The panel's unix socket, an absolute path.
	Socket string `json:"socket,omitempty"`
	// Names under which the HTTPS listener serves the panel, canonical; usually none or one.
	Names []string `json:"names,omitempty"`
	// Send Strict-Transport-Security (one year) under these names.
	HSTS bool `json:"hsts,omitempty"`
	// Names and addresses of the panel's own listener, for its certificate.
	Subjects []string `json:"subjects,omitempty"`
}

// Settings are the parts of the app's configuration that the data plane reads; its JSON is that of `apps.argos`.
type Settings struct {
	Panel Panel `json:"panel,omitzero"`
	// Addresses, and networks in CIDR notation, whose X-Forwarded-For is believed. Default: none.
	TrustedProxies Networks `json:"trusted_proxies,omitempty"`
	// Whom the gate asks, and where people sign in. Default: nobody and nowhere.
	Gate gate.Settings `json:"gate,omitzero"`
	// The port in redirects to HTTPS. Default: 443.
	HTTPSPort int `json:"https_port,omitempty"`

	// Listeners tells the addresses this process listens on, for the dial guard; asked at each new
	// upstream connection, so it must be cheap. Nil: none.
	Listeners func() []net.Addr `json:"-"`
}

// Networks reads a single address as the network of one.
type Networks []netip.Prefix

// UnmarshalJSON takes a list of strings.
func (n *Networks) UnmarshalJSON(raw []byte) error {
	var list []string
	if err := json.Unmarshal(raw, &list); err != nil {
		return err
	}
	*n = make(Networks, 0, len(list))
	for _, s := range list {
		p, err := netip.ParsePrefix(s)
		if err != nil {
			a, err := netip.ParseAddr(s)
			if err != nil || a.Zone() != "" {
				return fmt.Errorf("%q is neither an address nor a network", s)
			}
			p = netip.PrefixFrom(a, a.BitLen())
		}
		*n = append(*n, p.Masked())
	}
	return nil
}

var settings atomic.Pointer[Settings]

// Configure replaces the settings. Slices in s must not be changed afterwards.
func Configure(s Settings) {
	if s.HTTPSPort == 0 {
		s.HTTPSPort = 443
	}
	settings.Store(&s)
	gate.Configure(s.Gate)
}

// Current settings; never nil.
func CurrentSettings() *Settings {
	if s := settings.Load(); s != nil {
		return s
	}
	return &Settings{HTTPSPort: 443}
}

// table is guarded by its lock; lookups take a reference under it, so never one on a dead entry.
type table struct {
	sync.RWMutex
	hosts map[string]*Host // by id
	pools map[string]*Pool // by id
	exact map[string]*Host // by canonical name
	wild  map[string]*Host // by what follows "*."
}

var current = &table{
	hosts: map[string]*Host{}, pools: map[string]*Pool{},
	exact: map[string]*Host{}, wild: map[string]*Host{},
}

// Current returns the JSON of everything that is live now, refusals left out and old versions in their place.
func Current() Set {
	current.RLock()
	defer current.RUnlock()
	s := Set{Hosts: make(map[string]json.RawMessage, len(current.hosts)), Pools: make(map[string]json.RawMessage, len(current.pools))}
	for id, h := range current.hosts {
		s.Hosts[id] = h.raw
	}
	for id, p := range current.pools {
		s.Pools[id] = p.raw
	}
	return s
}

// Names lists the names of hosts that are on and have a certificate, for certificate management.
func Names() (auto, internal []string) {
	current.RLock()
	defer current.RUnlock()
	for _, h := range current.hosts {
		switch {
		case h.Off:
		case h.TLS == TLSAuto:
			auto = append(auto, h.Names...)
		case h.TLS == TLSInternal:
			internal = append(internal, h.Names...)
		}
	}
	slices.Sort(auto)
	slices.Sort(internal)
	return auto, internal
}

// IDs lists the hosts and pools that are live, sorted.
func IDs() (hosts, pools []string) {
	current.RLock()
	defer current.RUnlock()
	return slices.Sorted(maps.Keys(current.hosts)), slices.Sorted(maps.Keys(current.pools))
}
