package gate

import (
	"errors"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/promauto"
)

// counters are of the process; see package metrics.
var counters = newCounters()

type counterSet struct {
	kept                                prometheus.Counter
	known, unknown, throttled, failed   prometheus.Counter
	signIn, policy, factor, guess, away prometheus.Counter
}

func newCounters() *counterSet {
	questions := promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "argos_gate_questions_total", Help: "Credentials the panel was asked for, by what came of it.",
	}, []string{"outcome"})
	refused := promauto.NewCounterVec(prometheus.CounterOpts{
		Name: "argos_gate_denied_total", Help: "Requests the gate did not let pass, by reason.",
	}, []string{"reason"})
	promauto.NewGaugeFunc(prometheus.GaugeOpts{
		Name: "argos_gate_facts", Help: "Credentials that are remembered, at most 100000.",
	}, func() float64 { return float64(process.store.size.Load()) })
	return &counterSet{
		kept: promauto.NewCounter(prometheus.CounterOpts{
			Name: "argos_gate_kept_total", Help: "Requests judged by what was remembered, without a question.",
		}),
		known: questions.WithLabelValues("known"), unknown: questions.WithLabelValues("unknown"),
		throttled: questions.WithLabelValues("throttled"), failed: questions.WithLabelValues("failed"),
		signIn: refused.WithLabelValues("sign_in"), policy: refused.WithLabelValues("policy"),
		factor: refused.WithLabelValues("factor"), guess: refused.WithLabelValues("throttled"), away: refused.WithLabelValues("panel_away"),
	}
}

func (c *counterSet) outcome(f *facts, err error) {
	switch {
	case errors.As(err, new(throttled)):
		c.throttled.Inc()
	case err != nil:
		c.failed.Inc()
	case f == nil:
		c.unknown.Inc()
	default:
		c.known.Inc()
	}
}
