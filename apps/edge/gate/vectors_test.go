package gate

import (
	"encoding/json"
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"argos/edge/clientaddr"
)

// The cases that the panel's tester judges too: what it says of an address is what the gate does.
func TestThePanelsTesterAndTheGateJudgeAlike(t *testing.T) {
	raw, err := os.ReadFile("testdata/policies.json")
	if err != nil {
		t.Fatal(err)
	}
	var all struct {
		Policy Policy
		Times  map[string]int64
		People map[string]*struct {
			ID     string
			Groups []string
			Factor *float64 `json:"factor_h"`
		}
		Cases [][6]string
	}
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	if err := all.Policy.compile(); err != nil || len(all.Cases) < 400 {
		t.Fatalf("%v, %d cases", err, len(all.Cases))
	}
	names := map[verdict]string{denied: "denied", signIn: "sign_in", factorTooOld: "factor", passes: "open"}
	for _, c := range all.Cases {
		sent, client, when, who, want, prefix := c[0], c[1], all.Times[c[2]], all.People[c[3]], c[4], c[5]
		at := here{clientaddr.Of(netip.AddrPortFrom(netip.MustParseAddr(client), 443).String(), nil, nil), time.UnixMilli(when)}
		var f *facts
		if who != nil {
			f = &facts{source: sourceSession, groups: who.Groups}
			f.who.Person = who.ID
			if who.Factor != nil {
				f.factorAt = at.now.Add(-time.Duration(*who.Factor * float64(time.Hour)))
			}
		}
		u, err := url.ParseRequestURI(sent)
		if err != nil { // the server answers it by itself
			if want == "open" {
				t.Errorf("%v: not a request: %v", c, err)
			}
			continue
		}
		by := all.Policy.ruling(&http.Request{URL: u})
		got := by.one.prefix
		if by.all != nil {
			got = "ambiguous"
		}
		if is := names[by.judge(f, at)]; is != want || strings.TrimSuffix(prefix, "/") != got {
			t.Errorf("F15 %v: %s by %q", c, is, got)
		}
	}
}
