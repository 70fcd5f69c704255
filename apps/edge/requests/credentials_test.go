package requests

import (
	"encoding/base64"
	"net/http"
	"strings"
	"testing"
)

var (
	sessionValue = strings.Repeat("aB3-_", 9)[:43]
	appToken     = "argos_abcdefghijklmnop234567"
)

func basic(pair string) string { return "Basic " + base64.StdEncoding.EncodeToString([]byte(pair)) }

func TestOurTokensAreLiftedAndOthersStay(t *testing.T) {
	for _, c := range []struct {
		sent []string // of Authorization
		head string   // X-Argos-Token
		want Credential
		left []string
	}{
		{nil, "", Credential{}, nil},
		{[]string{basic("anna:" + appToken)}, "", Credential{ByBasic, appToken, "anna"}, nil},
		{[]string{"basic  " + strings.TrimRight(basic("anna:" + appToken)[6:], "=")}, "", Credential{ByBasic, appToken, "anna"}, nil},
		{[]string{"Bearer " + appToken}, "", Credential{ByBearer, appToken, ""}, nil},
		{[]string{"BEARER   " + appToken + " "}, "", Credential{ByBearer, appToken, ""}, nil},
		{nil, appToken, Credential{ByHeader, appToken, ""}, nil},
		{[]string{basic("anna:secret")}, "", Credential{}, []string{basic("anna:secret")}},
		{[]string{"Bearer eyJhbGciOi"}, "", Credential{}, []string{"Bearer eyJhbGciOi"}},
		{[]string{"Digest username=argos_x"}, "", Credential{}, []string{"Digest username=argos_x"}},
		{[]string{"Bearer eyJhbGciOi"}, appToken, Credential{ByHeader, appToken, ""}, []string{"Bearer eyJhbGciOi"}},
	} {
		h := http.Header{"Authorization": c.sent}
		if c.sent == nil {
			delete(h, "Authorization")
		}
		if c.head != "" {
			h.Set(TokenHeader, c.head)
		}
		r := newRecord()
		r.LiftTokens(h)
		got, ok := r.Credential()
		if ok != (c.want != Credential{}) || got != c.want {
			t.Errorf("%v %s: %+v %v", c.sent, c.head, got, ok)
		}
		if left := strings.Join(h["Authorization"], "|"); left != strings.Join(c.left, "|") || h.Get(TokenHeader) != "" {
			t.Errorf("%v %s: left %v", c.sent, c.head, h)
		}
	}
}

func TestWhatIsShownTwiceIsNoCredential(t *testing.T) {
	other := strings.Repeat("x", 43)
	for _, sent := range []string{
		"__Host-argos=" + sessionValue + "; __Host-argos=" + other, "__Host-argos=" + other + "; a=1; __Host-argos=" + sessionValue,
		"__Host-argos=" + sessionValue + "; __Host-argos=", "__Host-argos; __Host-argos=" + sessionValue,
		"__Host-argos=" + sessionValue + "; __HOST-ARGOS=" + other, "__Host-argos=" + sessionValue + "; __Host-argos=" + sessionValue,
	} {
		r := newRecord()
		r.LiftCookies(http.Header{"Cookie": {sent}}, false)
		if c, ok := r.Credential(); ok || c.Secret != "" || !r.Twice {
			t.Errorf("FA-02 %s: %+v", sent, c)
		}
	}
	for name, h := range map[string]http.Header{
		"two lines":           {"Authorization": {"Bearer " + appToken, "Bearer " + appToken}},
		"beside another's":    {"Authorization": {"Bearer " + appToken, "Bearer eyJ"}},
		"header and Basic":    {"Authorization": {basic("a:" + appToken)}, TokenHeader: {appToken}},
		"the header twice":    {TokenHeader: {appToken, appToken}},
		"after somebody else": {"Authorization": {"Basic x", "Bearer " + appToken}},
	} {
		r := newRecord()
		r.LiftTokens(h)
		if _, ok := r.Credential(); ok || !r.Twice {
			t.Errorf("FA-02 %s", name)
		}
		if strings.Contains(strings.Join(h["Authorization"], ""), "argos_") || h[TokenHeader] != nil {
			t.Errorf("%s: left %v", name, h)
		}
	}
	r := newRecord()
	r.LiftCookies(http.Header{"Cookie": {"__Host-argos-state=" + sessionValue + "; __Host-argos-state=" + other}}, false)
	if r.Nonce() != "" {
		t.Error("FA-02 the state")
	}
}

func TestWhatCannotBeOursIsNoCredential(t *testing.T) {
	for _, value := range []string{"", "x", strings.Repeat("a", 42), strings.Repeat("a", 44), strings.Repeat("a", 8<<10), sessionValue[:42] + "+", sessionValue[:42] + "\x00", `"` + sessionValue[:41] + `"`, "g.", "g." + sessionValue[:42], "%41" + sessionValue[3:]} {
		r := newRecord()
		r.LiftCookies(http.Header{"Cookie": {"__Host-argos=" + value}}, false)
		if c, ok := r.Credential(); ok {
			t.Errorf("FA-01 %q: %+v", value, c)
		}
	}
	for _, token := range []string{"argos_", "argos_short", "argos_" + strings.Repeat("a", 300), appToken + "'", appToken + " x"} {
		r := newRecord()
		h := http.Header{"Authorization": {"Bearer " + token}}
		r.LiftTokens(h)
		if c, ok := r.Credential(); ok || len(h["Authorization"]) > 0 {
			t.Errorf("FA-01 %q: %+v, left %v", token, c, h)
		}
	}
	r := newRecord()
	r.LiftTokens(http.Header{"Authorization": {basic(strings.Repeat("u", 129) + ":" + appToken)}})
	if _, ok := r.Credential(); ok {
		t.Error("FA-01 a user of 129 characters")
	}
}

func TestACookieIsASessionsOrAGuests(t *testing.T) {
	for value, want := range map[string]Credential{sessionValue: {By: ByCookie, Secret: sessionValue}, "g." + sessionValue: {By: ByGuest, Secret: sessionValue}} {
		r := newRecord()
		r.LiftCookies(http.Header{"Cookie": {"a=1; __Host-argos=" + value + "; __Host-argos-state=" + sessionValue}}, false)
		if c, ok := r.Credential(); !ok || c != want {
			t.Errorf("%s: %+v", value, c)
		}
		if r.Nonce() != sessionValue {
			t.Error("the state is not read")
		}
	}
	// A program's own password goes before the browser's cookie.
	r := newRecord()
	r.LiftCookies(http.Header{"Cookie": {"__Host-argos=" + sessionValue}}, false)
	r.LiftTokens(http.Header{"Authorization": {"Bearer " + appToken}})
	if c, _ := r.Credential(); c.By != ByBearer {
		t.Errorf("%+v", c)
	}
	// The panel gets its own cookie and neither of the gate's.
	h := http.Header{"Cookie": {"__Host-panel=p; __Host-argos=a; __Host-argos-state=b"}}
	newRecord().LiftCookies(h, true)
	if h.Get("Cookie") != "__Host-panel=p" {
		t.Errorf("%v", h)
	}
}

func TestIdentityIsWhatCancelFinds(t *testing.T) {
	r := newRecord()
	r.Enter(t.Context())
	defer r.Leave()
	find := func() int {
		return Cancel(func(r *Record) bool { who := r.Identity(); return who != nil && who.Session == "s" })
	}
	if find() != 0 {
		t.Error("found before it is named")
	}
	r.Identify(&Identity{Session: "s"})
	if find() != 1 || !r.Killed() {
		t.Error("not found")
	}
}
