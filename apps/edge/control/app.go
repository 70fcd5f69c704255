// Package control is the edge's own administration: the Caddy app `argos`, and the unix socket through which the panel
// reads and changes what is served.
//
// It promises: one change at a time; a swap or load is live and on disk when it is answered; what is refused leaves what
// was served before as it was, and the process serving; a second writer with a stale picture gets 412. A change for a
// limited time is live when it is answered, whole or not at all, on disk when its confirmation is answered, and else goes
// back by itself; nothing that was not confirmed outlives the process. The socket and
// everything known here outlive every configuration: they hang on a constant UsagePool key with one reference for the
// life of the process. Caddy's own admin endpoint and its autosave are always off.
package control

import (
	"context"
	"encoding/json"
	"fmt"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyevents"

	"argos/edge/listener"
	"argos/edge/live"
)

func init() { caddy.RegisterModule(new(App)) }

// App is `apps.argos`: what is published, and what the data plane needs to know.
type App struct {
	live.Settings

	// Path of the control socket, as the bootstrap Caddyfile says it; read at the start alone. Default: none.
	Control string `json:"control,omitempty"`
	// Number of the panel's last change that is in here. Default: 0.
	Generation int64 `json:"generation,omitempty"`
	// Hosts by id. One that is refused keeps its previous version and fails nothing else. Default: none.
	Hosts map[string]json.RawMessage `json:"hosts,omitempty"`
	// Pools of upstreams by id, as hosts name them. Default: none.
	Pools map[string]json.RawMessage `json:"pools,omitempty"`

	ctx      caddy.Context
	core     *core
	prepared *live.Prepared
	refused  map[string]live.Refusal
}

var (
	_ caddy.App          = (*App)(nil)
	_ caddy.Provisioner  = (*App)(nil)
	_ caddy.CleanerUpper = (*App)(nil)
)

// CaddyModule returns the Caddy module information.
func (*App) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "argos", New: func() caddy.Module { return new(App) }}
}

// Provision builds all hosts and pools beside those that are live.
func (a *App) Provision(ctx caddy.Context) error {
	a.ctx = ctx
	v, _, err := cores.LoadOrNew(coreKey, func() (caddy.Destructor, error) { return newCore(), nil })
	if err != nil {
		return err
	}
	a.core = v.(*core)

	events, err := ctx.App("events")
	if err != nil {
		return fmt.Errorf("getting events app: %w", err)
	}
	bus := events.(*caddyevents.App)
	for name, handle := range map[string]eventHandler{
		"started":       a.live,
		"cert_obtained": a.core.certificates.obtained,
		"cert_failed":   a.core.certificates.failed,
	} {
		if err := bus.On(name, handle); err != nil {
			return err
		}
	}
	if err := a.Gate.Check(); err != nil {
		return err
	}
	if err := checkIDs("host", a.Hosts); err != nil {
		return err
	}
	if err := checkIDs("pool", a.Pools); err != nil {
		return err
	}
	a.prepared, a.refused = live.Prepare(ctx, a.core.exact(live.Set{Hosts: a.Hosts, Pools: a.Pools}))
	a.core.provisioned(a)
	return nil
}

// Start does nothing: another app's Start may still refuse the configuration. See live.
func (a *App) Start() error { return nil }

// Stop does nothing: open requests go on while the next configuration serves.
func (a *App) Stop() error { return nil }

// Cleanup also runs after a Provision that failed, so it gives back only what was taken.
func (a *App) Cleanup() error {
	if a.prepared != nil {
		a.prepared.Discard()
	}
	if a.core == nil {
		return nil
	}
	a.core = nil
	_, err := cores.Delete(coreKey)
	return err
}

// live runs when every app has started and before the old configuration stops: from here on nothing can refuse this
// one, and no request has yet lost what serves it.
func (a *App) live(context.Context, caddy.Event) error {
	a.Listeners = listener.Addrs
	live.Configure(a.Settings)
	effective := a.prepared.Effective()
	a.prepared.Commit()
	a.core.committed(a, effective)
	if a.core.now.Load() != nil || a.core.waiting {
		// New connections come here already (see package listener). Those the old servers took last get the time to
		// send their request: once its shutdown has begun, Go's server drops what it reads (net/http, conn.serve).
		time.Sleep(handover)
	}
	return nil
}

// handover is the time between the start of a configuration and the end of the one before it.
const handover = 50 * time.Millisecond

type eventHandler func(context.Context, caddy.Event) error

var _ caddyevents.Handler = eventHandler(nil)

// Handle calls the function.
func (h eventHandler) Handle(ctx context.Context, e caddy.Event) error { return h(ctx, e) }
