package health

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"net/http"
	"strings"
	"sync/atomic"
	"time"

	"argos/edge/dialguard"
)

// probe is how a target is probed; comparable, so that an unchanged one is left running.
type probe struct {
	dial, kind, path  string
	interval, timeout time.Duration
	tls, verify       bool
}

func newProbe(dial string, s Spec) probe {
	own.Store(&s.Own)
	p := probe{dial: dial, kind: s.Kind, interval: s.Interval, timeout: s.Timeout}
	if p.kind == "http" {
		p.path, p.tls, p.verify = s.Path, s.TLS, s.Verify
	}
	return p
}

// own is the same for every pool: the listeners of this process.
var own atomic.Pointer[dialguard.Listeners]

const (
	retryAfter = time.Second     // after the first failure: perhaps it was a hiccup
	downEvery  = 3 * time.Second // how soon a fallen target is looked at again
)

var running atomic.Int64

func newTarget() *Target { return &Target{kick: make(chan struct{}, 1)} }

// probeAs starts, keeps or replaces the probe. The caller holds the store's lock.
func (t *Target) probeAs(p probe) {
	if t.stop != nil && t.as == p || t.stop == nil && p.kind == "off" {
		t.as = p
		return
	}
	t.halt()
	t.as = p
	if p.kind == "off" {
		t.forgetState()
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	t.stop = cancel
	go t.run(ctx, p)
}

func (t *Target) halt() {
	if t.stop != nil {
		t.stop()
		t.stop = nil
	}
}

func (t *Target) forgetState() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.state.Store(int32(Unknown))
	t.since, t.checkedAt, t.err = time.Time{}, time.Time{}, ""
}

// run is owned by the store: halt ends it.
func (t *Target) run(ctx context.Context, p probe) {
	n := running.Add(1)
	defer running.Add(-1)
	// Thousands of pools that start together are spread; a lone one is known at once.
	wait := jitter(min(p.interval, time.Duration(n)*2*time.Millisecond))
	failures := 0
	timer := time.NewTimer(wait)
	defer timer.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-timer.C:
		case <-t.kick:
		}
		err := p.once(ctx)
		if ctx.Err() != nil {
			return
		}
		if err == nil {
			failures = 0
		} else {
			failures++
		}
		t.note(err, failures)
		wait = p.interval - p.interval/10 + jitter(p.interval/5)
		switch {
		case failures == 1:
			wait = min(wait, retryAfter)
		case failures > 1:
			wait = min(wait, downEvery)
		}
		timer.Reset(wait)
	}
}

func jitter(d time.Duration) time.Duration {
	if d <= 0 {
		return 0
	}
	return rand.N(d)
}

// note records a probe's outcome. A target of which nothing is known falls at once, one that was up at the second failure.
func (t *Target) note(err error, failures int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	now := time.Now()
	t.checkedAt = now
	was, next := t.State(), Up
	if err != nil {
		next = Down
		if was == Up && failures < 2 {
			next = Up
		}
		t.err = err.Error()
	} else {
		t.err = ""
		t.suspect.Store(0)
	}
	if was != next {
		t.state.Store(int32(next))
		t.since = now
	}
}

func (p probe) once(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, p.timeout)
	defer cancel()
	if p.kind == "http" {
		return p.get(ctx)
	}
	conn, err := p.dialer().DialContext(ctx, "tcp", p.dial)
	if err != nil {
		return words(err)
	}
	return conn.Close()
}

func (p probe) dialer() *net.Dialer {
	var listeners dialguard.Listeners
	if l := own.Load(); l != nil {
		listeners = *l
	}
	return dialguard.Dialer(p.timeout, listeners)
}

// get counts an answer below 500 as life: a login page or a missing root is no fault of the target.
func (p probe) get(ctx context.Context) error {
	scheme := "http"
	if p.tls {
		scheme = "https"
	}
	transport := &http.Transport{
		DialContext:       p.dialer().DialContext,
		DisableKeepAlives: true,
		TLSClientConfig:   &tls.Config{InsecureSkipVerify: !p.verify}, //nolint:gosec // the operator's choice, per pool
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, scheme+"://"+p.dial+p.path, nil)
	if err != nil {
		return err
	}
	req.Header.Set("User-Agent", "argos-health")
	res, err := transport.RoundTrip(req)
	if err != nil {
		return words(err)
	}
	defer res.Body.Close()
	_, _ = io.CopyN(io.Discard, res.Body, 4<<10)
	if res.StatusCode >= 500 {
		return fmt.Errorf("answered %d", res.StatusCode)
	}
	return nil
}

// words keeps the cause and drops Go's "dial tcp 10.0.0.5:80:".
func words(err error) error {
	switch {
	case errors.Is(err, context.DeadlineExceeded):
		return errors.New("no answer in time")
	case errors.Is(err, dialguard.ErrForbidden):
		return dialguard.ErrForbidden
	}
	s := err.Error()
	if i := strings.LastIndex(s, ": "); i >= 0 && !strings.Contains(s, "x509") {
		s = s[i+2:]
	}
	return errors.New(s)
}
