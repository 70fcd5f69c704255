package gate

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

func TestAPolicyNobodyKnowsIsRefused(t *testing.T) {
	for kind, ok := range map[string]bool{"public": true, "": false, "sign_in": false, "Public": false} {
		if err := (&Gate{Policy: Policy{Kind: kind}}).Provision(caddy.Context{}); (err == nil) != ok {
			t.Errorf("%q: %v", kind, err)
		}
	}
}

func TestPublicPasses(t *testing.T) {
	passed := false
	next := caddyhttp.HandlerFunc(func(http.ResponseWriter, *http.Request) error { passed = true; return nil })
	g := &Gate{Policy: Policy{Kind: public}}
	if err := g.ServeHTTP(httptest.NewRecorder(), httptest.NewRequest("GET", "/", nil), next); err != nil || !passed {
		t.Errorf("%v %v", err, passed)
	}
}

func TestTightened(t *testing.T) {
	for _, c := range []struct {
		old, next string
		want      bool
	}{
		{`{"policy":{"kind":"public"}}`, `{"policy":{"kind":"public"}}`, false},
		{`{"policy":{"kind":"public"}}`, `{"policy":{"kind":"sign_in"}}`, true},
		{`nonsense`, `{"policy":{"kind":"public"}}`, true},
	} {
		if got := Tightened(json.RawMessage(c.old), json.RawMessage(c.next)); got != c.want {
			t.Errorf("%s to %s: %v", c.old, c.next, got)
		}
	}
}
