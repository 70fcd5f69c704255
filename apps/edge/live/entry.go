package live

import (
	"encoding/json"
	"net/http"
	"sync/atomic"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"argos/edge/metrics"
)

// How a host's names speak TLS.
const (
	TLSAuto     = "auto"     // a certificate from the ACME authority
	TLSInternal = "internal" // one from the internal authority
	TLSNone     = "none"     // plain HTTP only
)

// lease counts who uses an entry: one for the table, one a request. The last one cleans up.
type lease struct {
	refs atomic.Int64
	end  func() // runs Cleanup of the entry's modules
}

// Release gives one use back.
func (l *lease) Release() {
	if l.refs.Add(-1) == 0 && l.end != nil {
		l.end()
	}
}

// Host is one host as it is served; immutable.
type Host struct {
	lease
	ID    string
	Names []string
	Off   bool
	TLS   string
	// Serial grows with every edition of any host.
	Serial uint64
	// Counters belong to the id and go on over editions; set when the host goes live.
	Counters *metrics.Host

	ended  atomic.Bool // its open requests are being cancelled
	raw    json.RawMessage
	policy json.RawMessage // the gate's, to see a tightening
	pools  []string        // ids its handlers name
	chain  caddyhttp.Handler
}

// Ended tells that this edition's requests were or are being cancelled: one that found the host just
// before must look it up again.
func (h *Host) Ended() bool { return h.ended.Load() }

// ServeHTTP runs the host's handlers. A chain that ends without an answer is a 404.
func (h *Host) ServeHTTP(w http.ResponseWriter, r *http.Request) error {
	return h.chain.ServeHTTP(w, r)
}

// PoolHandler is what the module `argos.pool` provides.
type PoolHandler interface {
	caddyhttp.MiddlewareHandler
	// Activate is called when the pool goes live (again), Retire when its id leaves the table.
	Activate()
	Retire()
}

// Pool is one pool as it is served; immutable.
type Pool struct {
	lease
	ID      string
	raw     json.RawMessage
	handler PoolHandler
}

// ServeHTTP proxies to one of the pool's targets.
func (p *Pool) ServeHTTP(w http.ResponseWriter, r *http.Request) error {
	return p.handler.ServeHTTP(w, r, endOfChain)
}

var endOfChain caddyhttp.Handler = caddyhttp.HandlerFunc(func(http.ResponseWriter, *http.Request) error {
	return caddyhttp.Error(http.StatusNotFound, nil)
})
