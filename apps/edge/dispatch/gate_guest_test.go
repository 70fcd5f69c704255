package dispatch_test

import (
	"net/http"
	"strings"
	"testing"

	"argos/edge/requests"
)

func TestGuestsComeByALink(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, m{"paths": a{m{"prefix": "/admin", "id": "o_2", "any": people}}})}, map[string]m{"p": aPool(up.addr())})
	v := &visitor{t, map[string]string{}}
	if got := v.open("/_argos/guest?token=no"); got.status != 403 || len(v.jar) != 0 {
		t.Errorf("%d %v", got.status, v.jar)
	}
	if got := v.open("/_argos/guest?token=guest-link"); got.status != 303 || got.header.Get("Location") != "/album?x=1" || !strings.HasPrefix(v.jar[requests.GateCookie], "g.") {
		t.Fatalf("%d %v %v", got.status, got.header, v.jar)
	}
	got := v.open("/album?x=1")
	if s := parse(t, got); s.Header.Get("Remote-User") != "" || panel.last()["kind"] != "guest" {
		t.Errorf("%v %v", s.Header, panel.last())
	}
	if got := v.open("/admin"); got.status != 403 {
		t.Errorf("a part with a policy of its own: %d", got.status)
	}
	if _, cancelled := evict(t, m{"session": "gl_1"}); cancelled != 0 {
		t.Error("something was open")
	}
}

func TestSigningOutHere(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	v := &visitor{t, map[string]string{requests.GateCookie: panel.know(newToken(), "h_a", anna())}}
	if got := v.open("/"); got.status != 200 {
		t.Fatal(got.status)
	}
	got := v.open("/_argos/logout")
	contains(t, got.body, `<form method="post">`, "Sign out")
	if got.status != 200 || !strings.Contains(got.header.Get("Content-Security-Policy"), "form-action 'self'; frame-ancestors 'none'") {
		t.Errorf("%v", got.header)
	}
	post := func(header ...string) answer {
		r, _ := http.NewRequest("POST", "https://a.test/_argos/logout", strings.NewReader("here=1"))
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		r.Header.Set("Cookie", requests.GateCookie+"="+v.jar[requests.GateCookie])
		for i := 0; i < len(header); i += 2 {
			r.Header.Set(header[i], header[i+1])
		}
		return do(t, client(t, false, ""), r)
	}
	for _, foreign := range [][]string{nil, {"Origin", "https://evil.test"}, {"Origin", "null"}, {"Sec-Fetch-Site", "cross-site"}, {"Sec-Fetch-Site", "same-site", "Origin", "https://a.test"}, {"Sec-Fetch-Site", "none"}} {
		if got := post(foreign...); got.status != 403 {
			t.Errorf("CS %v: %d", foreign, got.status)
		}
	}
	if v.open("/").status != 200 {
		t.Error("CS somebody else's page signs out")
	}
	panel.set(func(w http.ResponseWriter, _ *http.Request) bool { w.WriteHeader(500); return true })
	if got := post("Origin", "https://a.test"); got.status != 503 || got.header.Get("Set-Cookie") != "" {
		t.Errorf("said to be signed out by a panel that did not: %d", got.status)
	}
	panel.set(nil)
	got = post("Sec-Fetch-Site", "same-origin")
	q := panel.last()
	if got.status != 200 || !strings.HasPrefix(got.header.Get("Set-Cookie"), "__Host-argos=; Path=/; Max-Age=0") || q["credential"] != hexOf(v.jar[requests.GateCookie]) || q["here"] != true || q["host"] != "h_a" {
		t.Errorf("%d %v %v", got.status, got.header, q)
	}
	if got := v.open("/"); got.status != 302 {
		t.Errorf("FA-19 the cookie after it: %d", got.status)
	}
}
