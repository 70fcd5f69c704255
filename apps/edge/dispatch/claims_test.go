package dispatch_test

import (
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"

	"argos/edge/live"
)

func TestWhatAVisitorClaimsReachesNoUpstream(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	spoofed := []string{
		"X-Auth-User", "X-Auth-Email", "X-Auth-Name", "X-Auth-Groups", "X-Auth-Provider", "x-auth-user", "X-AUTH-USER",
		"X_Auth_User", "x_auth_user", "X.Auth.User", "X-Auth_User", "X_auth_user",
		"Remote-User", "Remote-Email", "Remote-Name", "Remote-Groups", "remote_user", "Remote.User",
		"X-Argos-Client", "X-Argos-Proto", "X-Argos-Anything", "x_argos_client",
		"X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Uri", "X-Forwarded-Method",
		"X-Forwarded-Prefix", "X-Forwarded-Port", "X_Forwarded_For", "Forwarded", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP",
	}
	var request strings.Builder
	request.WriteString("GET /who HTTP/1.1\r\nHost: a.test\r\nX-Mine: kept\r\nRemote-Control: kept\r\nX-Auth: kept\r\nConnection: close\r\n")
	for _, name := range spoofed {
		fmt.Fprintf(&request, "%s: SPOOF\r\n%s: \r\n", name, name)
	}
	got := talk(t, httpsPort, "a.test", request.String()+"\r\n")
	if strings.Contains(got, "SPOOF") {
		t.Errorf("FA-03 FA-04 FA-05 FA-07 a claim arrived: %s", got)
	}
	contains(t, got, `"X-Forwarded-For":["127.0.0.1"]`, `"X-Forwarded-Host":["a.test"]`, `"X-Forwarded-Proto":["https"]`)
	if strings.Count(got, "kept") != 3 {
		t.Errorf("other headers do not arrive: %s", got)
	}

	// With one spelling the server lets through alone, its own defences out of the way.
	got = talk(t, httpsPort, "a.test", "GET / HTTP/1.1\r\nHost: a.test\r\nX_auth_user: SPOOF\r\nConnection: close\r\n\r\n")
	if strings.Contains(got, "SPOOF") || !strings.Contains(got, "200 OK") {
		t.Errorf("FA-04 an allow-listed spelling arrived: %s", got)
	}
}

func TestAVisitorCannotHaveOurHeadersTakenOut(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	got := talk(t, httpsPort, "a.test", "GET / HTTP/1.1\r\nHost: a.test\r\nX-Hop: gone\r\nConnection: close, X-Forwarded-For, X-Forwarded-Host, X-Hop, X-Auth-User\r\n\r\n")
	contains(t, got, `"X-Forwarded-For":["127.0.0.1"]`, `"X-Forwarded-Host":["a.test"]`)
	if strings.Contains(got, "gone") {
		t.Errorf("FA-06 %s", got)
	}

	// What the chain sets later is as safe: here the headers handler stands where the gate will set identity.
	h := aHost("p", "a.test")
	h["handle"] = a{h["handle"].(a)[0], m{"handler": "headers", "request": m{"set": m{"X-Auth-User": a{"anna"}}}}, h["handle"].(a)[1]}
	if refused := swap(map[string]m{"h_a": h}, nil); len(refused) > 0 {
		t.Fatal(refused)
	}
	got = talk(t, httpsPort, "a.test", "GET / HTTP/1.1\r\nHost: a.test\r\nX-Auth-User: root\r\nConnection: close, x-auth-user\r\nConnection: X-Auth-User\r\n\r\n")
	contains(t, got, `"X-Auth-User":["anna"]`)
}

func TestTheClientBehindAListedProxyIsTheOneUpstreamsSee(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	before := *live.CurrentSettings()
	defer live.Configure(before)
	behind := before
	behind.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	live.Configure(behind)
	for _, c := range []struct{ sent, client string }{
		{"203.0.113.7", "203.0.113.7"},
		{"6.6.6.6, 2001:db8::7, 127.0.0.2", "2001:db8::7"},
		{"6.6.6.6, nonsense", "127.0.0.1"},
	} {
		s := parse(t, get(t, "https://a.test/", "X-Forwarded-For", c.sent, "X-Forwarded-Proto", "gopher", "X-Real-IP", "6.6.6.6"))
		if got := fmt.Sprint(s.Header["X-Forwarded-For"], s.Header["X-Forwarded-Proto"], s.Header["X-Real-Ip"]); got != "["+c.client+"] [https] []" {
			t.Errorf("FA-07 FA-08 %s: upstream sees %s", c.sent, got)
		}
	}
}

func TestClaimsInTrailersAreTakenOut(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	got := talk(t, httpsPort, "a.test", "POST / HTTP/1.1\r\nHost: a.test\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum, X-Auth-User\r\nConnection: close\r\n\r\n"+
		"3\r\nabc\r\n0\r\nX-Sum: 7\r\nX-Auth-User: SPOOF\r\nRemote-User: SPOOF\r\n\r\n")
	contains(t, got, "abc", `"X-Sum":["7"]`)
	if strings.Contains(got, "SPOOF") {
		t.Errorf("%s", got)
	}
}

func TestCookies(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	for _, c := range []struct{ sent, arrives string }{
		{"a=1; b=2", "a=1; b=2"},
		{"__Host-argos=s; a=1; b=2", "a=1; b=2"},
		{"a=1; __Host-argos=s; b=2", "a=1; b=2"},
		{"a=1; b=2; __Host-argos=s", "a=1; b=2"},
		{"a=1;__Host-argos=s;__Host-argos=t; b=2", "a=1; b=2"},
		{"a=1; __Host-panel=s; argos-panel-plain=u; b=2", "a=1; b=2"},
		{"__HOST-ARGOS=s; a=1", "a=1"},
		{"__Host-argos =s; a=1", "a=1"},
		{"__Host-argos=s", ""},
		{"__Host-argos", ""},
		{"x__Host-argos=1; __Host-argos2=2; a=__Host-argos=s", "x__Host-argos=1; __Host-argos2=2; a=__Host-argos=s"},
		{`a="x y"; __Host-other=1`, `a="x y"; __Host-other=1`},
	} {
		got := parse(t, get(t, "https://a.test/", "Cookie", c.sent))
		if arrived := strings.Join(got.Header["Cookie"], "|"); arrived != c.arrives {
			t.Errorf("FA-16 %q arrives as %q", c.sent, arrived)
		}
	}

	res := get(t, "https://a.test/?set=__Host-argos%3Devil&set=keep%3D1&set=__host-PANEL%3Dx%3B+Domain%3Dtest&set=__Host-argos2%3D2")
	if set := res.header["Set-Cookie"]; len(set) != 2 || set[0] != "keep=1" || set[1] != "__Host-argos2=2" {
		t.Errorf("FA-17 %v", set)
	}
	if ws := socket(t, "a.test"); strings.Contains(ws.head, "forged") {
		t.Errorf("FA-17 on an upgrade: %s", ws.head)
	}
}

func TestPlaceholdersInRequestsAreNotExpanded(t *testing.T) {
	up := anUpstream(t)
	os.Setenv("ARGOS_TEST_SECRET", "EXPANDED")
	h := aHost("p", "a.test")
	h["handle"] = append(h["handle"].(a)[:1:1],
		m{"handler": "headers", "request": m{"set": m{"X-By-Operator": a{"\\{env.ARGOS_TEST_SECRET}"}}}},
		m{"handler": "argos_pool", "pool": "p"})
	serve(t, map[string]m{"h_a": h}, map[string]m{"p": aPool(up.addr())})

	got := get(t, "https://a.test/%7Benv.ARGOS_TEST_SECRET%7D?q={env.ARGOS_TEST_SECRET}",
		"X-Any", "{env.ARGOS_TEST_SECRET}", "User-Agent", "{http.vars.argos}", "Cookie", "__Host-argos=COOKIE; a={http.request.cookie.__Host-argos}")
	if strings.Contains(got.body, "EXPANDED") || strings.Contains(got.body, "COOKIE") {
		t.Errorf("CF-03 %s", got.body)
	}
	s := parse(t, got)
	if s.Header.Get("X-Any") != "{env.ARGOS_TEST_SECRET}" || s.Header.Get("X-By-Operator") != "{env.ARGOS_TEST_SECRET}" {
		t.Errorf("CF-02 %v", s.Header)
	}

	h["handle"].(a)[1] = m{"handler": "headers", "request": m{"set": m{"X-By-Operator": a{"{env.ARGOS_TEST_SECRET}"}}}}
	if r := swap(map[string]m{"h_a": h}, nil)["host:h_a"]; r.Field != "handle[1]" {
		t.Errorf("CF-02 an unescaped placeholder: %+v", r)
	}
}

func TestTheHostThatUpstreamsSee(t *testing.T) {
	up := anUpstream(t)
	p := aPool(up.addr())
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": p})
	if s := parse(t, get(t, "https://a.test/")); s.Host != "a.test" {
		t.Errorf("preserved: %s", s.Host)
	}
	swap(nil, map[string]m{"p": with(p, m{"preserve_host": false})})
	if s := parse(t, get(t, "https://a.test/")); s.Host != up.addr() || s.Header.Get("X-Forwarded-Host") != "a.test" {
		t.Errorf("not preserved: %s, forwarded %s", s.Host, s.Header.Get("X-Forwarded-Host"))
	}
}

func TestMethodsArriveWithTheirBodies(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	for _, method := range []string{"GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "PROPFIND", "TRACE"} {
		r, _ := http.NewRequest(method, "https://a.test/p%2Fq/%20?x=%ff", strings.NewReader("body of "+method))
		s := parse(t, do(t, client(t, false, ""), r))
		if s.Method != method || s.Body != "body of "+method || s.URI != "/p%2Fq/%20?x=%ff" {
			t.Errorf("FA-14 %s: %+v", method, s)
		}
	}
}
