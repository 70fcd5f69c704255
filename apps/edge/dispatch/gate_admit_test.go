package dispatch_test

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"net/netip"
	"os"
	"strings"
	"testing"
	"time"

	"argos/edge/live"
)

func TestWhatIsNoSessionGetsTheLogin(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil), "h_b": guarded("b.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	good := panel.signedIn("h_a", anna())
	for _, cookie := range []string{"", "__Host-argos=", "__Host-argos=x", "__Host-argos=" + strings.Repeat("a", 8<<10), "__Host-argos=zz zz", "__Host-argos", "a=b"} {
		got := get(t, "https://a.test/", "Accept", "text/html", "Cookie", cookie)
		if got.status != 302 || !strings.HasPrefix(got.header.Get("Location"), "https://panel.test:9443/authorize?host=h_a&") {
			t.Errorf("FA-01 %.40q: %d %s", cookie, got.status, got.header.Get("Location"))
		}
	}
	if n := panel.asked.Load(); n != 0 {
		t.Errorf("FA-01 the panel was asked %d times for what cannot be a credential", n)
	}
	for _, pair := range []string{good + "; __Host-argos=" + newToken(), "__Host-argos=" + newToken() + "; " + good, good + "; " + good, good + "; x=1; __HOST-argos=y"} {
		if got := get(t, "https://a.test/twice", "Accept", "text/html", "Cookie", pair); got.status != 302 {
			t.Errorf("FA-02 %s: %d", pair, got.status)
		}
	}
	eventually(t, 5*time.Second, "FA-02 the pair is logged", func() bool {
		log, _ := os.ReadFile(accessLog)
		return strings.Contains(string(log), `"credential":"twice"`)
	})
	for name, asks := range map[string][]string{"unknown": {"a.test", "__Host-argos=" + newToken()}, "another host's": {"b.test", good}} {
		if got := get(t, "https://"+asks[0]+"/", "Accept", "text/html", "Cookie", asks[1]); got.status != 302 {
			t.Errorf("FA-01 %s: %d", name, got.status)
		}
	}
	if up.hits.Load() != 0 {
		t.Error("the upstream was asked")
	}
	if got := get(t, "https://a.test/", "Cookie", good); got.status != 200 {
		t.Errorf("the session itself: %d", got.status)
	}
	log, _ := os.ReadFile(accessLog)
	if strings.Contains(string(log), good[13:]) {
		t.Error("a secret stands in the log")
	}
}

func TestTheApplicationLearnsWhoItIsFromThePanelAlone(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	cookie := panel.signedIn("h_a", with(anna(), m{"jwt": "x.y.z"}))
	noEmail := panel.signedIn("h_a", bob())
	forged := "X-Auth-User: root\r\nX-Auth-Email: root@x\r\nX-Auth-Name: root\r\nX-Auth-Provider: root\r\nX_auth_user: root\r\nX.Auth.User: root\r\nX-Auth_User: root\r\nremote_groups: root\r\n" +
		"x-auth-groups: root\r\nX-Auth-User: \r\nX-Argos-Assertion: root\r\nRemote-User: root\r\nRemote-Email: root\r\nConnection: X-Auth-User, Remote-User, close\r\n"
	got := talk(t, httpsPort, "a.test", "GET / HTTP/1.1\r\nHost: a.test\r\n"+forged+"Cookie: x=1; "+cookie+"; y=2\r\n\r\n")
	contains(t, got, `"Remote-User":["anna"]`, `"X-Auth-User":["anna"]`, `"Remote-Name":["Anna Ä"]`, `"X-Auth-Name":["Anna Ä"]`, `"Remote-Email":["anna@home.test"]`, `"X-Auth-Email":["anna@home.test"]`,
		`"Remote-Groups":["family,film"]`, `"X-Auth-Groups":["family,film"]`, `"X-Auth-Provider":["local"]`, `"X-Argos-Assertion":["x.y.z"]`, `"Cookie":["x=1; y=2"]`)
	if strings.Contains(got, "root") {
		t.Errorf("FA-03 FA-04 FA-06 %s", got)
	}
	got = talk(t, httpsPort, "a.test", "GET / HTTP/1.1\r\nHost: a.test\r\n"+forged+"Cookie: "+noEmail+"\r\n\r\n")
	contains(t, got, `"Remote-User":["bob"]`, `"X-Auth-Provider":["oidc"]`)
	for _, absent := range []string{"root", "Email", "Groups", "X-Auth-Name", "Assertion", "{http", "Cookie"} {
		if strings.Contains(got, absent) {
			t.Errorf("FA-03 FA-16 %s: %s", absent, got)
		}
	}
	q := panel.last()
	if q["credential"] != hexOf(noEmail[13:]) || q["kind"] != "cookie" || q["host"] != "h_a" || q["name"] != "a.test" || q["client"] != "127.0.0.1" {
		t.Errorf("asked %v", q)
	}
	eventually(t, 5*time.Second, "the log names who it was", func() bool {
		log, _ := os.ReadFile(accessLog)
		return strings.Contains(string(log), `"policy":"o_1","person":"u_anna","session":"s_anna","kept":{"facts":false}`)
	})
}

func TestOnePathAndAddressOpensNoOther(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	clauses := a{m{"people": a{"u_anna"}, "networks": a{"10.0.0.0/8"}}}
	serve(t, map[string]m{"h_a": guarded("a.test", clauses, m{"paths": a{m{"prefix": "/free/", "id": "o_2", "any": people}}})}, map[string]m{"p": aPool(up.addr())})
	before := *live.CurrentSettings()
	defer live.Configure(before)
	behind := before
	behind.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.0/8")}
	live.Configure(behind)
	ask := func(cookie, path, client string) int {
		return get(t, "https://a.test"+path, "Cookie", cookie, "X-Forwarded-For", client).status
	}
	const lan, wan = "10.1.2.3", "203.0.113.7"
	steps := []struct {
		path, client string
		want         int
	}{{"/", lan, 200}, {"/", wan, 403}, {"/free/x", wan, 200}, {"/free/x", lan, 200}}
	for _, order := range [][]int{{0, 1, 2, 3}, {3, 2, 1, 0}, {2, 1, 0, 3}, {1, 0, 3, 2}, {0, 1, 0, 1}} {
		cookie := panel.signedIn("h_a", anna())
		asked := panel.asked.Load()
		for _, i := range order {
			if got := ask(cookie, steps[i].path, steps[i].client); got != steps[i].want {
				t.Errorf("FA-07 in the order %v: %s from %s: %d", order, steps[i].path, steps[i].client, got)
			}
		}
		if n := panel.asked.Load() - asked; n > 1 {
			t.Errorf("asked %d times", n)
		}
	}
	if got := ask(panel.signedIn("h_a", bob()), "/", lan); got != 403 {
		t.Errorf("FA-09 one without a grant: %d", got)
	}
}

func TestSomebodyElseGetsAPageAndNoLoop(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", a{m{"groups": a{"g_family"}}}, nil)}, map[string]m{"p": aPool(up.addr())})
	got := get(t, "https://a.test/", "Cookie", panel.signedIn("h_a", bob()), "Accept", "text/html")
	if got.status != 403 || got.header.Get("Location") != "" || !strings.Contains(got.body, got.header.Get("X-Request-Id")) {
		t.Errorf("FA-09 %d %v %s", got.status, got.header, got.body)
	}
	if got := get(t, "https://a.test/", "Cookie", panel.signedIn("h_a", anna()), "Accept", "text/html"); got.status != 200 {
		t.Errorf("%d", got.status)
	}
}

func TestEveryNameAndMethodIsJudgedAlike(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	for _, head := range []string{"GET / HTTP/1.1\r\nHost: A.TEST", "GET / HTTP/1.1\r\nHost: a.test.", "GET / HTTP/1.1\r\nHost: a.test:443", "GET https://a.test/ HTTP/1.1\r\nHost: a.test", "GET https://A.test/ HTTP/1.1\r\nHost: b.test",
		"CONNECT a.test:443 HTTP/1.1\r\nHost: a.test", "OPTIONS * HTTP/1.1\r\nHost: a.test", "TRACE / HTTP/1.1\r\nHost: a.test", "PROPFIND / HTTP/1.1\r\nHost: a.test"} {
		got := talk(t, httpsPort, "a.test", head+"\r\nConnection: close\r\n\r\n")
		if strings.HasPrefix(got, "HTTP/1.1 200") && !strings.HasPrefix(head, "OPTIONS *") || up.hits.Load() != 0 {
			t.Errorf("FA-10 FA-14 %s: %.100s", head, got)
		}
	}
	got := talk(t, httpsPort, "a.test", strings.Replace(fmt.Sprintf(upgrade, "a.test"), "Upgrade\r\n", "Upgrade, close\r\n", 1))
	if !strings.HasPrefix(got, "HTTP/1.1 401") || !strings.Contains(got, `"code":"sign_in"`) {
		t.Errorf("FA-14 a socket: %s", got)
	}
	cookie := panel.signedIn("h_a", anna())
	for _, method := range []string{"GET", "POST", "PUT", "DELETE", "OPTIONS", "PROPFIND", "TRACE"} {
		for _, signedIn := range []bool{false, true} {
			r, _ := http.NewRequest(method, "https://a.test/x", strings.NewReader("body of "+method))
			if signedIn {
				r.Header.Set("Cookie", cookie)
			}
			got := do(t, client(t, false, ""), r)
			if !signedIn && (got.status != 401 || got.header.Get("Content-Type") != "application/problem+json") {
				t.Errorf("FA-14 %s: %d", method, got.status)
			}
			if signedIn && parse(t, got).Body != "body of "+method {
				t.Errorf("FA-14 %s: %s", method, got.body)
			}
		}
	}
	if n := up.hits.Load(); n != 7 {
		t.Errorf("FA-14 the upstream was asked %d times", n)
	}
}

// A program with a password of its own and a browser use the same host; each is taken back alone.
func TestPasswordsOfApplications(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil), "h_b": aHost("p", "b.test")}, map[string]m{"p": aPool(up.addr())})
	const token = "argos_abcdefghijklmnop234567"
	panel.know(token, "h_a", with(anna(), m{"session": "ap_1", "source": "app", "paths": a{"/dav/"}}))
	cookie := panel.signedIn("h_a", anna())
	basic := "Basic " + base64.StdEncoding.EncodeToString([]byte("anna:"+token))
	for _, way := range [][2]string{{"Authorization", basic}, {"Authorization", "Bearer " + token}, {"X-Argos-Token", token}} {
		got := get(t, "https://a.test/dav/x", way[0], way[1])
		if got.status != 200 {
			t.Errorf("%v: %d %s", way, got.status, got.body)
			continue
		}
		if s := parse(t, got); s.Header.Get("Authorization") != "" || s.Header.Get("Remote-User") != "anna" || strings.Contains(got.body, token) {
			t.Errorf("%v: %v", way, s.Header)
		}
		if got := get(t, "https://a.test/other", way[0], way[1]); got.status != 403 {
			t.Errorf("beyond its path: %d", got.status)
		}
	}
	if q := panel.last(); q["kind"] != "header" || q["user"] != nil {
		t.Errorf("%v", q)
	}
	get(t, "https://a.test/dav/x", "Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("bob:"+token)))
	if q := panel.last(); q["kind"] != "basic" || q["user"] != "bob" || q["credential"] != hexOf(token) {
		t.Errorf("another name is another question: %v", q)
	}
	// On a host for all the application's own way to sign in is let be, and ours never arrives.
	if s := parse(t, get(t, "https://b.test/", "Authorization", "Basic b3duOnB3")); s.Header.Get("Authorization") != "Basic b3duOnB3" {
		t.Errorf("%v", s.Header)
	}
	if got := get(t, "https://b.test/", "Authorization", basic, "X-Argos-Token", token); strings.Contains(got.body, token) || parse(t, got).Header.Get("Authorization") != "" {
		t.Errorf("%s", got.body)
	}
	// A stranger who is a program is told how; one who sends no or a wrong password the same.
	for _, auth := range []string{"", "Basic " + base64.StdEncoding.EncodeToString([]byte("anna:argos_zzzzzzzzzzzzzzzzzzzzzz"))} {
		got := get(t, "https://a.test/dav/x", "Authorization", auth)
		if got.status != 401 || got.header.Get("WWW-Authenticate") != `Basic realm="a.test", charset="UTF-8"` {
			t.Errorf("%d %v", got.status, got.header)
		}
	}
	if got := get(t, "https://a.test/dav/x", "Sec-Fetch-Mode", "cors", "Accept", "text/html"); got.status != 401 || got.header.Get("WWW-Authenticate") != "Bearer" || !strings.Contains(got.body, `"login":"https://panel.test:9443"`) {
		t.Errorf("a page's script: %d %v %s", got.status, got.header, got.body)
	}
	panel.forget(hexOf(token))
	evict(t, m{"credential": hexOf(token)})
	if a, b := get(t, "https://a.test/dav/x", "Authorization", basic).status, get(t, "https://a.test/dav/x", "Cookie", cookie).status; a != 401 || b != 200 {
		t.Errorf("after it was taken back: %d, the browser %d", a, b)
	}
}

func TestAPolicyThatNeedsNobodyAsksNobody(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{
		"h_a": guarded("a.test", a{m{"person": true}, m{"networks": a{"127.0.0.0/8"}}}, nil),
		"h_b": guarded("b.test", a{m{"networks": a{"10.0.0.0/8"}}}, nil),
		"h_c": guarded("c.test", a{}, nil),
	}, map[string]m{"p": aPool(up.addr())})
	cookie := "__Host-argos=" + newToken()
	if got := get(t, "https://a.test/", "Cookie", cookie); got.status != 200 {
		t.Errorf("from here: %d", got.status)
	}
	for _, host := range []string{"b.test", "c.test"} { // signing in would help nobody
		if got := get(t, "https://"+host+"/", "Cookie", cookie, "Accept", "text/html"); got.status != 403 {
			t.Errorf("%s: %d", host, got.status)
		}
	}
	if panel.asked.Load() != 0 {
		t.Error("the panel was asked")
	}
	if s := parse(t, get(t, "https://a.test/", "Authorization", "Bearer app")); s.Header.Get("Authorization") != "Bearer app" {
		t.Errorf("the application's own: %v", s.Header)
	}
}

func TestUpstreamsSetNoneOfOurCookies(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	got := get(t, "https://a.test/?set=__Host-argos%3Devil&set=__Host-argos-state%3Devil%3B+Path%3D/&set=keep%3D1&set=__HOST-ARGOS-STATE%3Dx&set=__Host-panel%3Dx%3B+Domain%3Dtest",
		"Cookie", panel.signedIn("h_a", anna()))
	if set := got.header["Set-Cookie"]; got.status != 200 || len(set) != 1 || set[0] != "keep=1" {
		t.Errorf("FA-17 %v", set)
	}
}
