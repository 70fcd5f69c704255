// Package gate decides who passes. It stands first in every host's chain, on public hosts too: one
// chain, no special case.
//
// It promises that a policy it does not know is refused when it is provisioned, never skipped, and
// that whatever it is asked later it answers closed. It keeps nothing across reloads yet: facts about
// sessions will live in a store of the process, the policy here stays the only thing a configuration holds.
package gate

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"argos/edge/requests"
)

func init() { caddy.RegisterModule(new(Gate)) }

// Gate is the handler `argos_gate`.
type Gate struct {
	// Who may pass. Required.
	Policy Policy `json:"policy"`
}

// Policy is a compiled access policy.
type Policy struct {
	// public: everybody. Other kinds are refused until the gate can ask who is calling.
	Kind string `json:"kind"`
}

// The kinds of policy.
const public = "public"

// CaddyModule returns the module's information.
func (*Gate) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.argos_gate", New: func() caddy.Module { return new(Gate) }}
}

// Provision refuses policies the gate cannot keep.
func (g *Gate) Provision(caddy.Context) error {
	switch g.Policy.Kind {
	case public:
		return nil
	case "":
		return errors.New("policy.kind: a policy needs a kind")
	}
	return fmt.Errorf("policy.kind: %q is not known to this edge", g.Policy.Kind)
}

// ServeHTTP lets everybody pass and says so.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	if rec := requests.From(r.Context()); rec != nil {
		rec.Policy = g.Policy.Kind
	}
	return next.ServeHTTP(w, r)
}

// Tightened tells whether requests that passed the old policy may no longer pass the new one; both are
// the handler's JSON. In doubt they may not.
func Tightened(old, next json.RawMessage) bool {
	var a, b Gate
	if json.Unmarshal(old, &a) != nil || json.Unmarshal(next, &b) != nil {
		return true
	}
	return b.Policy.Kind != public && a.Policy != b.Policy
}

// Interface guards
var (
	_ caddy.Provisioner           = (*Gate)(nil)
	_ caddyhttp.MiddlewareHandler = (*Gate)(nil)
)
