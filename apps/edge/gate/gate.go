// Package gate decides who passes. It stands first in every host's chain, on public hosts too: one
// chain, no special case.
//
// It promises that a policy it does not know is refused when it is provisioned, never skipped; that the policy is
// judged for each request, by its path, address and time, so that nothing learnt of one opens another; that a path
// which may be read in two ways gets the strictest reading; that a stranger costs the panel nothing; that no
// answer of the panel within 5 s, or one that is none, lets nobody in (FA-13).
//
// What the panel says of a credential is kept for 30 s and never beyond its end, at most 100,000 of them, in a
// store of the process that outlives every configuration. Evict forgets, and when it returns nobody passes any
// more by what was learnt before, streams and questions on their way included (FA-19, FA-20).
package gate

import (
	"encoding/json"
	"errors"
	"net/http"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"argos/edge/requests"
)

func init() { caddy.RegisterModule(new(Gate)) }

// Gate is the handler `argos_gate`.
type Gate struct {
	// Who may pass. Required.
	Policy Policy `json:"policy"`
	// Whether what was learnt of a credential may be gone by for up to 30 s; else the panel is asked each time.
	// Default: false.
	Keep bool `json:"keep,omitempty"`
	// Whether the application gets the panel's signed word on who it is. Default: false.
	Assertion bool `json:"assertion,omitempty"`
}

// CaddyModule returns the module's information.
func (*Gate) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.argos_gate", New: func() caddy.Module { return new(Gate) }}
}

// Provision refuses policies the gate cannot keep.
func (g *Gate) Provision(caddy.Context) error { return g.Policy.compile() }

// ServeHTTP lets pass, or answers by itself.
func (g *Gate) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	rec := requests.From(r.Context())
	if g.Policy.Kind == public {
		if rec != nil {
			rec.Policy = public
		}
		return next.ServeHTTP(w, r)
	}
	if rec == nil || g.Policy.compiled == nil {
		return caddyhttp.Error(http.StatusInternalServerError, errors.New("the gate has nothing to judge by"))
	}
	v := visit{w: w, r: r, rec: rec}
	if under(r.URL.Path, ownPath) {
		return v.own()
	}
	return g.judge(&v, next)
}

func (g *Gate) judge(v *visit, next caddyhttp.Handler) error {
	by := g.Policy.ruling(v.r)
	at := here{client: v.rec.Client, now: time.Now()}
	v.rec.Policy = by.one.id
	verdict := by.judge(nil, at) // what needs nobody is tried first, without asking
	if verdict != signIn {
		return g.answer(v, verdict, nil, next)
	}
	c, ok := v.rec.Credential()
	if !ok {
		return v.signIn()
	}
	asks := v.asker(c)
	f, err := process.who(v.r.Context(), v.rec, asks, at.now, g.Keep)
	switch {
	case err != nil:
		return v.failed(err)
	case f == nil:
		return v.signIn()
	}
	at.now = time.Now()
	if verdict = by.judge(f, at); verdict > denied && !f.covers(by.path, by.ok) {
		verdict = denied
	}
	if verdict == passes {
		l := process.lease(v.rec, asks, f)
		defer l.end()
	}
	return g.answer(v, verdict, f, next)
}

func (g *Gate) answer(v *visit, is verdict, f *facts, next caddyhttp.Handler) error {
	switch is {
	case passes:
		if f != nil {
			f.tell(v.r.Header, g.Assertion)
		}
		return next.ServeHTTP(v.w, v.r)
	case factorTooOld:
		return v.factor()
	}
	return v.denied()
}

// Tightened tells whether requests that passed the old policy may no longer pass the new one; both are
// the handler's JSON. In doubt they may not.
func Tightened(old, next json.RawMessage) bool {
	var a, b Gate
	if json.Unmarshal(old, &a) != nil || json.Unmarshal(next, &b) != nil {
		return true
	}
	return tightened(&a.Policy, &b.Policy)
}

// Interface guards
var (
	_ caddy.Provisioner           = (*Gate)(nil)
	_ caddyhttp.MiddlewareHandler = (*Gate)(nil)
)
