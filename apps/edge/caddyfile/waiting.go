package caddyfile

import (
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"argos/edge/refusal"
)

func init() { caddy.RegisterModule(Waiting{}) }

// Waiting answers every request with 503 and the page that says why. It reloads itself, so a visitor who waits gets
// what was asked for.
type Waiting struct{}

var _ caddyhttp.MiddlewareHandler = Waiting{}

// CaddyModule returns the Caddy module information.
func (Waiting) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.argos_waiting", New: func() caddy.Module { return new(Waiting) }}
}

// retry is soon: the panel takes seconds to come up.
const retry = 5

// ServeHTTP ends the request here.
func (Waiting) ServeHTTP(w http.ResponseWriter, r *http.Request, _ caddyhttp.Handler) error {
	// Its connection ends with it: the next request belongs to the panel's first configuration.
	w.Header().Set("Connection", "close")
	return refusal.Write(w, r, refusal.Answer{
		Status: http.StatusServiceUnavailable, Retry: retry,
		Title: "Waiting for the panel",
		Words: "Argos has started here and has nothing to show yet. This page reloads by itself until the panel has said what to serve.",
	})
}

func parseWaiting(h httpcaddyfile.Helper) (caddyhttp.MiddlewareHandler, error) {
	h.Next() // the directive's name
	if h.NextArg() || h.NextBlock(0) {
		return nil, h.Err("argos_waiting takes nothing")
	}
	return Waiting{}, nil
}
