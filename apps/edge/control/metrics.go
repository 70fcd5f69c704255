package control

import (
	"net/http"

	"github.com/caddyserver/caddy/v2"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"argos/edge/requests"
)

// Our counters are of the process, so they are registered once and outlive every configuration; Caddy's own hang on a
// registry of each configuration and are shown beside them.
var (
	loads = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "argos_loads_total", Help: "Whole configurations loaded, by outcome.",
	}, []string{"outcome"})
	loadsDone    = loads.WithLabelValues("done")
	loadsRefused = loads.WithLabelValues("refused")

	swaps = promauto.NewCounter(prometheus.CounterOpts{
		Name: "argos_swaps_total", Help: "Changes of hosts and pools that needed no reload.",
	})
	confirms = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "argos_confirm_total", Help: "Changes for a limited time that have ended, by outcome.",
	}, []string{"outcome"})
	waiting = promauto.NewGauge(prometheus.GaugeOpts{
		Name: "argos_pending", Help: "1 while a change waits to be confirmed.",
	})
	certificateAttempts = promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "argos_certificate_attempts_total", Help: "Attempts to get a certificate, by outcome.",
	}, []string{"outcome"})
	certificatesObtained = certificateAttempts.WithLabelValues("obtained")
	certificatesFailed   = certificateAttempts.WithLabelValues("failed")

	_ = promauto.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "argos_open_requests", Help: "Requests being answered now, streams and WebSockets included.",
	}, func() float64 { return float64(requests.Open()) })
)

func init() {
	for _, outcome := range []string{"confirmed", timeout, asked, unwhole} {
		confirms.WithLabelValues(outcome) // 0 is something to alert from
	}
}

func (c *core) metrics(w http.ResponseWriter, r *http.Request) {
	gatherers := prometheus.Gatherers{prometheus.DefaultGatherer}
	if c.now.Load() != nil {
		ctx := caddy.ActiveContext()
		gatherers = append(gatherers, caddyOnly{ctx.GetMetricsRegistry()})
	}
	promhttp.HandlerFor(gatherers, promhttp.HandlerOpts{}).ServeHTTP(w, r)
}
