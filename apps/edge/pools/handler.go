package pools

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"argos/edge/live"
	"argos/edge/requests"
)

// Handler is `argos_pool`: the end of a host's chain.
type Handler struct {
	// The pool's id.
	Pool string `json:"pool"`
}

// CaddyModule returns the module's information.
func (*Handler) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.argos_pool", New: func() caddy.Module { return new(Handler) }}
}

// Provision refuses a handler without a pool; whether there is such a pool is the live table's business.
func (h *Handler) Provision(caddy.Context) error {
	if h.Pool == "" {
		return errors.New("pool: missing")
	}
	return nil
}

// ServeHTTP looks the pool up for each request, so that a swapped pool serves its hosts at once.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request, _ caddyhttp.Handler) error {
	if rec := requests.From(r.Context()); rec != nil {
		rec.Stage, rec.Pool = "upstreams", h.Pool
	}
	p := live.AcquirePool(h.Pool)
	if p == nil {
		return caddyhttp.Error(http.StatusServiceUnavailable, fmt.Errorf("there is no pool %s", h.Pool))
	}
	defer p.Release()
	return p.ServeHTTP(w, r)
}

// Interface guards
var (
	_ caddy.Provisioner           = (*Handler)(nil)
	_ caddyhttp.MiddlewareHandler = (*Handler)(nil)
)
