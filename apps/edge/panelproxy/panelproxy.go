// Package panelproxy serves the panel from its unix socket.
//
// It promises that the panel learns the client's address and the protocol from us and from nobody else
// (X-Argos-Client, X-Argos-Proto; a visitor's copies of them are gone before), and that a panel which is
// down is a page that waits for it, not an empty answer. It keeps its idle connections over reloads.
package panelproxy

import (
	"context"
	"errors"
	"log"
	"net"
	"net/http"
	"net/http/httputil"
	"strings"
	"syscall"
	"time"

	"argos/edge/live"
	"argos/edge/refusal"
	"argos/edge/requests"
)

const hsts = "max-age=31536000"

var proxy = &httputil.ReverseProxy{
	Rewrite: rewrite,
	Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			socket := live.CurrentSettings().Panel.Socket
			if socket == "" {
				return nil, errors.New("no panel is configured")
			}
			return (&net.Dialer{Timeout: 2 * time.Second}).DialContext(ctx, "unix", socket)
		},
		DisableCompression:  true,
		IdleConnTimeout:     30 * time.Second,
		MaxIdleConnsPerHost: 16,
	},
	FlushInterval: -1,
	ErrorHandler:  unreachable,
	ErrorLog:      log.New(discard{}, "", 0), // said on the page and in the access log's status
}

type discard struct{}

func (discard) Write(p []byte) (int, error) { return len(p), nil }

func rewrite(p *httputil.ProxyRequest) {
	out := p.Out
	out.URL.Scheme, out.URL.Host = "http", "panel"
	out.Host = p.In.Host
	out.Header.Del("X-Argos-Client")
	if rec := requests.From(p.In.Context()); rec != nil && rec.Client.IsValid() {
		out.Header.Set("X-Argos-Client", rec.Client.String())
	}
	out.Header.Set("X-Argos-Proto", proto(p.In))
	if _, ok := out.Header["User-Agent"]; !ok {
		out.Header.Set("User-Agent", "")
	}
}

func proto(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

// Serve answers from the panel. published tells that the request came for one of the panel's public names.
func Serve(w http.ResponseWriter, r *http.Request, published bool) {
	if published && r.TLS != nil && live.CurrentSettings().Panel.HSTS {
		w.Header().Set("Strict-Transport-Security", hsts)
	}
	w.Header().Del("Server")
	proxy.ServeHTTP(w, r)
}

func unreachable(w http.ResponseWriter, r *http.Request, err error) {
	if r.Context().Err() != nil {
		return // nobody is there to read it
	}
	a := refusal.Answer{Status: http.StatusBadGateway, Title: "The panel does not answer", Words: "The panel broke off. This page tries again by itself.", Retry: 3}
	if errors.Is(err, syscall.ENOENT) || errors.Is(err, syscall.ECONNREFUSED) || strings.Contains(err.Error(), "no panel") {
		a.Status, a.Title = http.StatusServiceUnavailable, "Waiting for the panel"
		a.Words = "The panel is starting or switched off. Published hosts are served as usual. This page tries again by itself."
	}
	if rec := requests.From(r.Context()); rec != nil {
		a.ID = rec.ID
		rec.Stage, rec.Verdict = "panel", "unreachable"
	}
	_ = refusal.Write(w, r, a)
}
