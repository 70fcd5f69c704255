package gate

import (
	"encoding/json"
	"net/http"
	"strings"
	"testing"
	"time"
)

const aPerson = `"session":"s_1","source":"session","until":4102444800000,"auth_at":1,"factor_at":null,"paths":null,"groups":["g_1"]`

func factsFrom(t *testing.T, raw string) (*facts, error) {
	t.Helper()
	return read(json.RawMessage(raw), nil, keyNamed("x"), time.Now())
}

func TestIdentityIsToldOnlyWhereThereIsSomethingToSay(t *testing.T) {
	f, err := factsFrom(t, `{`+aPerson+`,"person":{"id":"u_1","username":"anna","name":"","email":" ","groups":[],"provider":"local"}}`)
	if err != nil {
		t.Fatal(err)
	}
	h := http.Header{}
	f.tell(h, true)
	if len(h) != 3 || h.Get("Remote-User") != "anna" || h.Get("X-Auth-User") != "anna" || h.Get("X-Auth-Provider") != "local" {
		t.Errorf("FA-03 %v", h)
	}

	f, err = factsFrom(t, `{`+aPerson+`,"jwt":"a.b.c","person":{"id":"u_1","username":"anna","name":"Änna\r\nX-Auth-User: root\u0000\u0085","email":"a@b.c","groups":["family","a,admins","x|y;z","\r\n"],"provider":"oidc"}}`)
	if err != nil {
		t.Fatal(err)
	}
	h = http.Header{}
	f.tell(h, false)
	for name, want := range map[string]string{
		"Remote-Name": "ÄnnaX-Auth-User: root", "X-Auth-Name": "ÄnnaX-Auth-User: root", "Remote-Email": "a@b.c", "X-Auth-Email": "a@b.c",
		"Remote-Groups": "family,a_admins,x_y_z", "X-Auth-Groups": "family,a_admins,x_y_z", "X-Argos-Assertion": "",
	} {
		if h.Get(name) != want {
			t.Errorf("FA-03 %s: %q", name, h.Get(name))
		}
	}
	f.tell(h, true)
	if h.Get("X-Argos-Assertion") != "a.b.c" || len(h) != 10 {
		t.Errorf("%v", h)
	}
	// Handlers behind change values in place; the next request has them as they were.
	h["Remote-User"][0] = "changed"
	h["Remote-User"] = append(h["Remote-User"], "more")
	next := http.Header{}
	f.tell(next, true)
	if next.Get("Remote-User") != "anna" || next.Get("X-Auth-User") != "anna" {
		t.Errorf("shared: %v", next)
	}
}

func TestFactsThatCannotBeReadLetNobodyIn(t *testing.T) {
	person := `"person":{"id":"u_1","username":"anna"}`
	for _, raw := range []string{
		``, `{}`, `[]`, `"x"`, `true`, `{"facts":null}`,
		`{` + strings.Replace(aPerson, "s_1", "", 1) + `,` + person + `}`,
		`{` + strings.Replace(aPerson, `"session",`, `"other",`, 1) + `,` + person + `}`,
		`{` + aPerson + `}`, `{` + aPerson + `,"person":null}`, `{` + aPerson + `,"person":{"id":"","username":"x"}}`, `{` + aPerson + `,"person":{"id":"u","username":""}}`,
		`{` + strings.Replace(aPerson, "4102444800000", `"tomorrow"`, 1) + `,` + person + `}`,
	} {
		if f, err := factsFrom(t, raw); f != nil || err == nil {
			t.Errorf("FA-13 %s: %+v %v", raw, f, err)
		}
	}
	if f, err := factsFrom(t, `null`); f != nil || err != nil {
		t.Errorf("nobody: %v %v", f, err)
	}
	if f, err := factsFrom(t, `{`+strings.Replace(aPerson, "4102444800000", "1000", 1)+`,`+person+`}`); f != nil || err != nil {
		t.Errorf("FA-21 one that has ended: %v %v", f, err)
	}
	if f, err := factsFrom(t, `{`+aPerson+`,"new":1,`+person+`}`); f == nil || err != nil {
		t.Errorf("one with more to say: %v", err)
	}
}
