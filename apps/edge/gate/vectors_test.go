package gate

import (
	"encoding/json"
	"fmt"
	"net/netip"
	"os"
	"testing"
	"time"

	"argos/edge/requests"
)

// TestThePanelJudgesAlike runs the cases that the panel's tester runs, too (apps/panel/src/access/vectors.test.ts).
func TestThePanelJudgesAlike(t *testing.T) {
	raw, err := os.ReadFile("testdata/policies.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Policy json.RawMessage  `json:"policy"`
		Times  map[string]int64 `json:"times"`
		People map[string]*struct {
			ID      string   `json:"id"`
			Groups  []string `json:"groups"`
			FactorH *float64 `json:"factor_h"`
		} `json:"people"`
		Cases [][6]string `json:"cases"`
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	p := policyOf(t, string(all.Policy))
	words := map[verdict]string{denied: "denied", signIn: "sign_in", factorTooOld: "factor", passes: "open"}
	for _, c := range all.Cases {
		sent, address, when, who, want, by := c[0], c[1], c[2], c[3], c[4], c[5]
		t.Run(fmt.Sprintf("FA-11 F15 %s %s %s %s", sent, address, when, who), func(t *testing.T) {
			at := here{client: netip.MustParseAddr(address).Unmap(), now: time.UnixMilli(all.Times[when])}
			var f *facts
			if one := all.People[who]; one != nil {
				f = &facts{who: requests.Identity{Person: one.ID}, source: sourceSession, groups: one.Groups}
				if one.FactorH != nil {
					f.factorAt = at.now.Add(-time.Duration(*one.FactorH * float64(time.Hour)))
				}
			}
			r := p.ruling(requestFor(t, sent))
			if got := words[r.judge(f, at)]; got != want {
				t.Errorf("%s, the panel says %s", got, want)
			}
			got := r.one.prefix
			if !r.ok {
				got = "ambiguous"
			}
			if want := trimmed(by); got != want {
				t.Errorf("judged by %q, the panel says %q", got, want)
			}
		})
	}
}

func trimmed(prefix string) string {
	if len(prefix) > 0 && prefix[len(prefix)-1] == '/' {
		return prefix[:len(prefix)-1]
	}
	return prefix
}
