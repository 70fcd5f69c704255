// Package metrics counts. The counters hang on Prometheus' default registry, which the control
// socket gathers for GET /metrics.
//
// It promises that counting costs an atomic addition and no lock, and that there are never more series
// than hosts are live: a name that a visitor made up is counted under none. Counters belong to the
// process and go on over reloads and swaps.
package metrics

import (
	"maps"
	"sync"
	"sync/atomic"

	"github.com/prometheus/client_golang/prometheus"
)

// Host counts one host's answers by the first digit of their status; 0 is an answer that never began.
type Host struct{ classes [6]atomic.Int64 }

// Answered counts one answer.
func (h *Host) Answered(status int) {
	class := status / 100
	if class < 0 || class > 5 {
		class = 0
	}
	h.classes[class].Add(1)
}

// Unknown counts answers to names nobody has, Panel those of the panel's pages.
var Unknown, Panel Host

var hosts = struct {
	sync.Mutex
	m map[string]*Host
}{m: map[string]*Host{}}

// ForHost returns the counters of a host, the same for all its editions.
func ForHost(id string) *Host {
	hosts.Lock()
	defer hosts.Unlock()
	h := hosts.m[id]
	if h == nil {
		h = new(Host)
		hosts.m[id] = h
	}
	return h
}

// DropHost forgets the counters of a host that is gone.
func DropHost(id string) {
	hosts.Lock()
	defer hosts.Unlock()
	delete(hosts.m, id)
}

var requestsTotal = prometheus.NewDesc("argos_requests_total", "Answered requests by host and class of status; host is empty for names nobody has.", []string{"host", "code_class"}, nil)

func init() { prometheus.MustRegister(collector{}) }

// collector hands the counters to whoever gathers.
type collector struct{}

func (collector) Describe(out chan<- *prometheus.Desc) { out <- requestsTotal }

func (collector) Collect(out chan<- prometheus.Metric) {
	hosts.Lock()
	all := maps.Clone(hosts.m)
	hosts.Unlock()
	all[""], all["panel"] = &Unknown, &Panel
	for id, h := range all {
		h.collect(out, id)
	}
}

var classNames = [6]string{"none", "1xx", "2xx", "3xx", "4xx", "5xx"}

func (h *Host) collect(out chan<- prometheus.Metric, id string) {
	for class := range h.classes {
		if n := h.classes[class].Load(); n > 0 {
			out <- prometheus.MustNewConstMetric(requestsTotal, prometheus.CounterValue, float64(n), id, classNames[class])
		}
	}
}

// Interface guards
var _ prometheus.Collector = collector{}
