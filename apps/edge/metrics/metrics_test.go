package metrics

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/prometheus/client_golang/prometheus"
)

func gather(t *testing.T) []string {
	t.Helper()
	families, err := prometheus.DefaultGatherer.Gather()
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, f := range families {
		for _, one := range f.GetMetric() {
			if f.GetName() != "argos_requests_total" {
				continue
			}
			labels := map[string]string{}
			for _, l := range one.GetLabel() {
				labels[l.GetName()] = l.GetValue()
			}
			out = append(out, fmt.Sprint(labels["host"], " ", labels["code_class"], " ", one.GetCounter().GetValue()))
		}
	}
	slices.Sort(out)
	return out
}

func TestCountersBelongToHosts(t *testing.T) {
	h := ForHost("h1")
	for _, status := range []int{200, 204, 101, 502, 0, 999, -5} {
		h.Answered(status)
	}
	if ForHost("h1") != h {
		t.Error("another edition counts elsewhere")
	}
	Unknown.Answered(404)
	Panel.Answered(200)
	want := " 4xx 1|h1 1xx 1|h1 2xx 2|h1 5xx 1|h1 none 3|panel 2xx 1"
	if got := strings.Join(gather(t), "|"); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
	DropHost("h1")
	if got := strings.Join(gather(t), "|"); strings.Contains(got, "h1") {
		t.Errorf("a host that is gone is still counted: %s", got)
	}
}
