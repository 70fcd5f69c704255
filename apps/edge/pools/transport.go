package pools

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"net/http"
	"strings"
	"time"

	"argos/edge/dialguard"
	"argos/edge/requests"
)

const (
	dialTimeout = 3 * time.Second
	// Unused connections of a swapped pool are gone after this.
	idleTimeout = 30 * time.Second
)

// transport carries requests to the pool's targets. Proxies from the environment are not for it.
type transport struct {
	http   *http.Transport
	scheme string
}

func newTransport(c Config) *transport {
	dialer := dialguard.Dialer(dialTimeout, ownListeners)
	t := &http.Transport{
		DialContext: func(ctx context.Context, network, addr string) (net.Conn, error) {
			conn, err := dialer.DialContext(ctx, network, addr)
			if err != nil {
				return nil, dialError{err}
			}
			return conn, nil
		},
		TLSHandshakeTimeout:   10 * time.Second,
		ExpectContinueTimeout: time.Second,
		IdleConnTimeout:       idleTimeout,
		MaxIdleConnsPerHost:   64,
		DisableCompression:    true, // bodies pass as they are
		WriteBufferSize:       16 << 10,
		ReadBufferSize:        16 << 10,
	}
	if c.Protocol == "https" {
		t.ForceAttemptHTTP2 = true
		t.TLSClientConfig = &tls.Config{
			MinVersion:         tls.VersionTLS12,
			InsecureSkipVerify: !c.VerifyTLS, //nolint:gosec // the operator's choice, per pool
		}
	}
	return &transport{http: t, scheme: c.Protocol}
}

func (t *transport) close() { t.http.CloseIdleConnections() }

// dialError tells that a target never saw the request.
type dialError struct{ error }

func (e dialError) Unwrap() error { return e.error }

// RoundTrip sends one attempt. The request is Caddy's own copy for this attempt.
func (t *transport) RoundTrip(r *http.Request) (*http.Response, error) {
	a := attemptsOf(r)
	r.URL.Scheme = t.scheme
	if a.host {
		r.Host = hostOf(r.URL.Host, t.scheme)
	}
	res, err := t.http.RoundTrip(r)
	if err != nil {
		return nil, t.failed(r, a, err)
	}
	if a.chosen != nil {
		a.chosen.Answered()
	}
	if cookies := res.Header["Set-Cookie"]; len(cookies) > 0 {
		dropOurs(res.Header, cookies)
	}
	return res, nil
}

// failed sorts errors: a visitor who left is nobody's fault, a target that was not reached is marked.
func (t *transport) failed(r *http.Request, a *attempts, err error) error {
	ctx := r.Context()
	if ctx.Err() != nil {
		if errors.Is(context.Cause(ctx), requests.ErrCancelled) {
			return requests.ErrCancelled
		}
		// Go returns the cause; Caddy looks for context.Canceled.
		return fmt.Errorf("%w: %w", context.Canceled, err)
	}
	if d, ok := errors.AsType[dialError](err); ok {
		a.dialFail = true
		if a.chosen != nil && !errors.Is(d, dialguard.ErrForbidden) {
			a.chosen.Failed()
		}
	}
	return err
}

// hostOf leaves the scheme's own port out.
func hostOf(hostport, scheme string) string {
	if scheme == "http" {
		return strings.TrimSuffix(hostport, ":80")
	}
	return strings.TrimSuffix(hostport, ":443")
}

// dropOurs takes cookies with our names out of an upstream's answer (FA-17).
func dropOurs(h http.Header, cookies []string) {
	keep := cookies[:0]
	for _, c := range cookies {
		name, _, _ := strings.Cut(c, "=")
		if !requests.IsOurCookie(strings.TrimSpace(name)) {
			keep = append(keep, c)
		}
	}
	if len(keep) == 0 {
		h.Del("Set-Cookie")
		return
	}
	h["Set-Cookie"] = keep
}

// Interface guards
var _ http.RoundTripper = (*transport)(nil)
