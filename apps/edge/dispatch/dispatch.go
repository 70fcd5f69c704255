// Package dispatch is the first and only route of every listener, and of its error routes.
//
// It promises that a request's host is looked up by map, blind to case, port and a trailing dot; that
// every name is answered, also one nobody has; that what a visitor claims to be (identity headers,
// forwarded headers, in any spelling, hop-by-hop or as trailers) is gone before anything else runs, and
// our cookies and tokens are lifted out; that each request is in the registry and can be cancelled; that an error
// of any handler becomes a page. It keeps nothing: hosts are in live, requests in requests.
package dispatch

import (
	"errors"
	"fmt"
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"argos/edge/clientaddr"
	"argos/edge/live"
	"argos/edge/metrics"
	"argos/edge/panelproxy"
	"argos/edge/refusal"
	"argos/edge/requests"
)

func init() { caddy.RegisterModule(new(Dispatch)) }

// The listeners.
const (
	https     = "https"
	plainHTTP = "http"
	panel     = "panel"
)

// Dispatch is the handler `argos_dispatch`.
type Dispatch struct {
	// Which of our listeners the server is: https serves hosts with a certificate, http those without one
	// and redirects the others, panel serves the panel and nothing else.
	Listener string `json:"listener"`
}

// CaddyModule returns the module's information.
func (*Dispatch) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "http.handlers.argos_dispatch", New: func() caddy.Module { return new(Dispatch) }}
}

// Provision makes the server's connections known, so that requests on them can be ended.
func (d *Dispatch) Provision(ctx caddy.Context) error {
	switch d.Listener {
	case https, plainHTTP, panel:
	default:
		return fmt.Errorf("listener: https, http or panel, not %q", d.Listener)
	}
	if srv, ok := ctx.Value(caddyhttp.ServerCtxKey).(*caddyhttp.Server); ok {
		requests.KeepConn(srv)
	}
	return nil
}

// ServeHTTP answers the request; the handlers behind it in the route, if any, are never asked.
func (d *Dispatch) ServeHTTP(w http.ResponseWriter, r *http.Request, _ caddyhttp.Handler) error {
	if err, ok := r.Context().Value(caddyhttp.ErrorCtxKey).(error); ok {
		return d.serveError(w, r, err)
	}
	live.Await(r.Context())
	rec := requests.New(w, r)
	rec.Name = canonical(r.Host)
	trusted := live.CurrentSettings().TrustedProxies
	rec.Client = clientaddr.Of(r.RemoteAddr, r.Header, trusted)
	rec.Secure = r.TLS != nil || clientaddr.Secure(r.RemoteAddr, r.Header, trusted)
	forPanel := d.Listener == panel || live.IsPanel(rec.Name)
	if !forPanel { // the panel's API has tokens of its own
		rec.LiftTokens(r.Header)
	}
	strip(r)
	rec.LiftCookies(r.Header, forPanel)
	remember(r, rec)

	if forPanel {
		return d.servePanel(w, r, rec)
	}
	return d.serveHost(w, r, rec)
}

func (d *Dispatch) serveHost(w http.ResponseWriter, r *http.Request, rec *requests.Record) error {
	for {
		h := live.Find(rec.Name)
		if h == nil || h.Off || (h.TLS == live.TLSNone) != (d.Listener == plainHTTP) {
			return d.elsewhere(w, r, rec, h)
		}
		rec.HostID, rec.HostSerial = h.ID, h.Serial
		again, err := enter(w, r, rec, h)
		if !again {
			return err
		}
	}
}

// enter runs the host's handlers; again tells that the host was replaced just before the request was known.
func enter(w http.ResponseWriter, r *http.Request, rec *requests.Record, h *live.Host) (again bool, err error) {
	defer h.Release()
	ctx := rec.Enter(r.Context())
	defer rec.Leave()
	if h.Ended() {
		return true, nil
	}
	in := r.WithContext(ctx)
	if rec.Client.IsValid() { // what Caddy's proxy puts into X-Forwarded-For
		in.RemoteAddr = rec.RemoteAddr()
	}
	aborted := true
	defer func() {
		if aborted || err == nil { // an error is counted when its page is written
			h.Counters.Answered(statusOf(w))
		}
	}()
	err = h.ServeHTTP(w, in)
	aborted = false
	return false, err
}

// elsewhere answers for names this listener does not serve.
func (d *Dispatch) elsewhere(w http.ResponseWriter, r *http.Request, rec *requests.Record, h *live.Host) error {
	counters := &metrics.Unknown
	if h != nil {
		defer h.Release()
		rec.HostID, counters = h.ID, h.Counters
		if !h.Off && d.Listener == plainHTTP {
			rec.Verdict = "redirected"
			counters.Answered(redirect(w, r, rec))
			return nil
		}
	}
	rec.Verdict = "unknown"
	if h != nil && h.Off {
		rec.Verdict = "off"
	}
	counters.Answered(http.StatusNotFound)
	plain(w, http.StatusNotFound)
	return nil
}

func (d *Dispatch) servePanel(w http.ResponseWriter, r *http.Request, rec *requests.Record) error {
	rec.HostID = panel
	if d.Listener == plainHTTP {
		metrics.Panel.Answered(redirect(w, r, rec))
		return nil
	}
	ctx := rec.Enter(r.Context())
	defer rec.Leave()
	defer func() { metrics.Panel.Answered(statusOf(w)) }()
	panelproxy.Serve(w, r.WithContext(ctx), d.Listener == https)
	return nil
}

// serveError is the second pass: the context of the first is gone, Caddy's variables are not.
func (d *Dispatch) serveError(w http.ResponseWriter, r *http.Request, err error) error {
	status := http.StatusInternalServerError
	if e, ok := errors.AsType[caddyhttp.HandlerError](err); ok && e.StatusCode != 0 {
		status = e.StatusCode
	}
	rec, _ := caddyhttp.GetVar(r.Context(), requests.VarName).(*requests.Record)
	if rec == nil || rec.HostID == "" { // Caddy refused it before we saw it: a stranger learns nothing
		metrics.Unknown.Answered(status)
		plain(w, status)
		return nil
	}
	if errors.Is(err, requests.ErrCancelled) {
		status = http.StatusServiceUnavailable
	}
	rec.Verdict = "error"
	if h := live.Find(rec.Name); h != nil {
		h.Counters.Answered(status)
		h.Release()
	}
	return refusal.Write(w, r, refusal.For(status, rec.ID))
}

// Interface guards
var (
	_ caddy.Provisioner           = (*Dispatch)(nil)
	_ caddyhttp.MiddlewareHandler = (*Dispatch)(nil)
)
