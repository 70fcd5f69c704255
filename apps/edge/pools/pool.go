// Package pools proxies to upstreams: `argos.pool` is one pool, the handler `argos_pool` sends a host's
// requests to the pool that is live under an id.
//
// It promises that a pool has one reverse proxy and one set of connections however many hosts use it;
// that weights hold over retries and a retry never picks what the request tried before; that a pool
// is swapped without a host noticing, requests in flight ending on the old one; that bodies and streams
// pass unbuffered; that a target is judged by its resolved address when it is dialled; that upstreams
// cannot set our cookies. Health outlives pools: see package health.
package pools

import (
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp/reverseproxy"

	"argos/edge/health"
	"argos/edge/live"
)

func init() {
	caddy.RegisterModule(new(Pool))
	caddy.RegisterModule(new(Handler))
}

// Pool is the module `argos.pool`.
type Pool struct {
	ID     string `json:"id"`
	Config Config `json:"pool"`

	proxy   *reverseproxy.Handler
	targets *targets
}

// Config is the JSON of one pool.
type Config struct {
	// The enabled targets. Without any, requests get 503.
	Targets []Target `json:"targets"`
	// http or https.
	Protocol string `json:"protocol"`
	// Check the upstream's certificate (https only).
	VerifyTLS bool `json:"verify_tls,omitempty"`
	// Send the visitor's Host; else the target's address.
	PreserveHost bool   `json:"preserve_host,omitempty"`
	Health       Health `json:"health"`
}

// Target is one upstream address.
type Target struct {
	// host:port; the host is a name or an address.
	Dial string `json:"dial"`
	// Share of the requests among the targets, 1 to 1000. Default: 1.
	Weight int `json:"weight,omitempty"`
}

// Health says how targets are probed.
type Health struct {
	// tcp, http or off.
	Kind string `json:"kind"`
	// The path to ask for; an answer below 500 is a good one. Default: /
	Path string `json:"path,omitempty"`
	// Seconds between probes, 1 to 3600. Default: 15.
	IntervalS int `json:"interval_s,omitempty"`
	// Seconds until a probe has failed, 1 to 60. Default: 5.
	TimeoutS int `json:"timeout_s,omitempty"`
}

const (
	maxTargets = 100
	maxWeight  = 1000
	maxRetries = 4
	// Streams of a pool that was swapped end with their request, not with the pool; the delay is a
	// second wall and only ever counts when a process-wide stop takes the pool away.
	streamCloseDelay = 24 * time.Hour
)

// CaddyModule returns the module's information.
func (*Pool) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "argos.pool", New: func() caddy.Module { return new(Pool) }}
}

// Provision builds the pool's proxy. It starts nothing: see Activate.
func (p *Pool) Provision(ctx caddy.Context) error {
	if err := p.Config.check(); err != nil {
		return err
	}
	p.targets = newTargets(p.ID, p.Config.Targets)
	p.proxy = &reverseproxy.Handler{
		Transport:        newTransport(p.Config),
		DynamicUpstreams: p.targets,
		LoadBalancing: &reverseproxy.LoadBalancing{
			SelectionPolicy: p.targets,
			Retries:         min(len(p.Config.Targets)-1, maxRetries),
			RetryMatch:      caddyhttp.MatcherSets{{retry{}}},
		},
		StreamCloseDelay: caddy.Duration(streamCloseDelay),
	}
	return p.proxy.Provision(ctx)
}

// Cleanup runs when the last request is over.
func (p *Pool) Cleanup() error {
	if p.proxy == nil {
		return nil
	}
	if t, ok := p.proxy.Transport.(*transport); ok {
		t.close()
	}
	return p.proxy.Cleanup()
}

// Activate hands the targets to the probes.
func (p *Pool) Activate() {
	h := p.Config.Health
	dials := make([]string, len(p.Config.Targets))
	for i, t := range p.Config.Targets {
		dials[i] = t.Dial
	}
	health.Watch(p.ID, dials, health.Spec{
		Kind: h.Kind, Path: h.Path,
		Interval: time.Duration(h.IntervalS) * time.Second,
		Timeout:  time.Duration(h.TimeoutS) * time.Second,
		TLS:      p.Config.Protocol == "https", Verify: p.Config.VerifyTLS,
		Own: ownListeners,
	})
}

// Retire ends the probes.
func (p *Pool) Retire() { health.Forget(p.ID) }

// ServeHTTP proxies the request.
func (p *Pool) ServeHTTP(w http.ResponseWriter, r *http.Request, next caddyhttp.Handler) error {
	if len(p.Config.Targets) == 0 {
		return caddyhttp.Error(http.StatusServiceUnavailable, errors.New("the pool has no enabled target"))
	}
	a := &attempts{host: !p.Config.PreserveHost}
	err := p.proxy.ServeHTTP(w, r.WithContext(withAttempts(r.Context(), a)), next)
	if err != nil && a.exhausted {
		// Caddy says 503 for "nobody was available"; to the visitor it is a bad gateway like any other.
		return caddyhttp.Error(http.StatusBadGateway, fmt.Errorf("no target answers: %w", err))
	}
	return err
}

func (c *Config) check() error {
	if c.Protocol != "http" && c.Protocol != "https" {
		return fmt.Errorf("protocol: http or https, not %q", c.Protocol)
	}
	if len(c.Targets) > maxTargets {
		return fmt.Errorf("targets: at most %d", maxTargets)
	}
	seen := map[string]bool{}
	for i := range c.Targets {
		t := &c.Targets[i]
		if t.Weight == 0 {
			t.Weight = 1
		}
		if t.Weight < 1 || t.Weight > maxWeight {
			return fmt.Errorf("targets[%d].weight: 1 to %d", i, maxWeight)
		}
		if err := checkDial(t.Dial); err != nil {
			return fmt.Errorf("targets[%d].dial: %w", i, err)
		}
		if seen[t.Dial] {
			return fmt.Errorf("targets[%d].dial: %s is there twice", i, t.Dial)
		}
		seen[t.Dial] = true
	}
	return c.Health.check()
}

func (h *Health) check() error {
	if h.Path == "" {
		h.Path = "/"
	}
	if h.IntervalS == 0 {
		h.IntervalS = 15
	}
	if h.TimeoutS == 0 {
		h.TimeoutS = 5
	}
	switch {
	case h.Kind != "tcp" && h.Kind != "http" && h.Kind != "off":
		return fmt.Errorf("health.kind: tcp, http or off, not %q", h.Kind)
	case !strings.HasPrefix(h.Path, "/") || strings.ContainsFunc(h.Path, func(r rune) bool { return r <= ' ' || r == 0x7f }):
		return errors.New("health.path: a path begins with / and has no spaces")
	case h.IntervalS < 1 || h.IntervalS > 3600:
		return errors.New("health.interval_s: 1 to 3600")
	case h.TimeoutS < 1 || h.TimeoutS > 60:
		return errors.New("health.timeout_s: 1 to 60")
	}
	return nil
}

// Interface guards
var (
	_ caddy.Provisioner  = (*Pool)(nil)
	_ caddy.CleanerUpper = (*Pool)(nil)
	_ live.PoolHandler   = (*Pool)(nil)
)
