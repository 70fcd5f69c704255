package control

import (
	"context"
	"crypto/x509"
	"errors"
	"regexp"
	"slices"
	"sync"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddytls"
	"go.uber.org/zap"

	"argos/edge/live"
)

// certificates hands the names of hosts and panel to the live TLS app, as automatic HTTPS cannot see them inside our
// handler, and remembers what came of it.
type certificates struct {
	mu       sync.Mutex
	tls      *caddytls.TLS
	logger   *zap.Logger
	panel    []string            // names and subjects of the panel
	managed  map[string]struct{} // handed to the TLS app that is live
	failures map[string]string   // last failure by name; gone with the next success
}

// certificate is what is known of one name.
type certificate struct {
	// "ok": there is a valid one. "pending": one is being got. "error": the last attempt failed; it is tried again.
	// "none": nobody gets one for this name.
	State string `json:"state"`
	// Who issued it, null when there is none.
	Issuer *string `json:"issuer"`
	// When it starts and stops to be valid, milliseconds since 1970.
	NotBefore *int64 `json:"not_before"`
	NotAfter  *int64 `json:"not_after"`
	// Why the last attempt failed, null when it did not.
	Error *string `json:"error"`
}

func newCertificates() *certificates {
	return &certificates{managed: map[string]struct{}{}, failures: map[string]string{}, logger: zap.NewNop()}
}

// begin takes over the TLS app of a configuration that has just become live. It must run before the old one stops:
// what no app manages by then leaves the certificate cache.
func (c *certificates) begin(a *App) {
	c.mu.Lock()
	c.tls, c.logger = nil, a.ctx.Logger()
	if app, err := a.ctx.AppIfConfigured("tls"); err == nil {
		c.tls, _ = app.(*caddytls.TLS)
	}
	c.panel = slices.Concat(a.Panel.Names, a.Panel.Subjects)
	c.managed = map[string]struct{}{}
	c.mu.Unlock()
	c.manage(c.names())
}

// manageOf hands over the names of hosts that were changed.
func (c *certificates) manageOf(hostIDs []string) { c.manage(live.NamesOf(hostIDs)) }

// manage hands over the names that are new. Getting a certificate takes its time in the background.
func (c *certificates) manage(names []string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.tls == nil {
		return
	}
	fresh := map[string]struct{}{}
	for _, name := range names {
		if _, ok := c.managed[name]; !ok {
			fresh[name] = struct{}{}
		}
	}
	if len(fresh) == 0 {
		return
	}
	if err := c.tls.Manage(fresh); err != nil {
		// The hosts are live all the same, so there is nobody to return this to but the page of each name.
		c.logger.Error("managing certificates", zap.Error(err))
		for name := range fresh {
			c.failures[name] = err.Error()
		}
	}
	for name := range fresh {
		c.managed[name] = struct{}{}
	}
}

// names lists those that want a certificate now.
func (c *certificates) names() []string {
	auto, internal := live.Names()
	c.mu.Lock()
	defer c.mu.Unlock()
	names := slices.Concat(auto, internal, c.panel)
	slices.Sort(names)
	return slices.Compact(names)
}

func (c *certificates) report() map[string]certificate {
	names := c.names()
	c.mu.Lock()
	defer c.mu.Unlock()
	out := make(map[string]certificate, len(names))
	for _, name := range names {
		out[name] = c.of(name)
	}
	return out
}

// of describes the longest lasting certificate that the cache has for the name, a wildcard's included.
func (c *certificates) of(name string) certificate {
	if c.tls == nil {
		return certificate{State: "none"}
	}
	var best *x509.Certificate
	for _, candidate := range caddytls.AllMatchingCertificates(name) {
		if leaf := candidate.Leaf; leaf != nil && (best == nil || leaf.NotAfter.After(best.NotAfter)) {
			best = leaf
		}
	}
	out := certificate{State: "pending"}
	if message, ok := c.failures[name]; ok {
		out.State, out.Error = "error", &message
	}
	if best == nil {
		return out
	}
	issuer, from, to := issuerOf(best), best.NotBefore.UnixMilli(), best.NotAfter.UnixMilli()
	out.Issuer, out.NotBefore, out.NotAfter = &issuer, &from, &to
	if time.Now().Before(best.NotAfter) {
		out.State = "ok"
	}
	return out
}

func issuerOf(cert *x509.Certificate) string {
	if cert.Issuer.CommonName != "" {
		return cert.Issuer.CommonName
	}
	return cert.Issuer.String()
}

// The events of certmagic, as Caddy passes them on. Their data names the certificate under "identifier".

func (c *certificates) obtained(_ context.Context, e caddy.Event) error {
	name, _ := e.Data["identifier"].(string)
	c.mu.Lock()
	defer c.mu.Unlock()
	delete(c.failures, name)
	certificatesObtained.Inc()
	return nil
}

func (c *certificates) failed(_ context.Context, e caddy.Event) error {
	name, _ := e.Data["identifier"].(string)
	err, _ := e.Data["error"].(error)
	if err == nil || errors.Is(err, context.Canceled) { // a reload ends the attempts of the old configuration
		return nil
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.failures[name] = attempt.ReplaceAllString(err.Error(), "")
	certificatesFailed.Inc()
	return nil
}

// attempt is certmagic's naming of what it was at, which the name says already.
var attempt = regexp.MustCompile(`^(?:\[[^\]]*\] )?(?:(?:Obtain|Renew): )?(?:\[[^\]]*\] )?`)
