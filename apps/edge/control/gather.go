package control

import (
	"strings"

	"github.com/prometheus/client_golang/prometheus"
	dto "github.com/prometheus/client_model/go"
)

// caddyOnly leaves out the families about the Go runtime and the process, which the default registry has too: gathered
// twice they would be an error.
type caddyOnly struct{ inner prometheus.Gatherer }

var _ prometheus.Gatherer = caddyOnly{}

// Gather returns the families of Caddy's own that a configuration has.
func (c caddyOnly) Gather() ([]*dto.MetricFamily, error) {
	all, err := c.inner.Gather()
	var kept []*dto.MetricFamily
	for _, family := range all {
		if strings.HasPrefix(family.GetName(), "caddy_") {
			kept = append(kept, family)
		}
	}
	return kept, err
}
