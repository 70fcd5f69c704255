package dispatch_test

import (
	"net/http"
	"net/netip"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	"argos/edge/live"
	"argos/edge/requests"
)

// visitor keeps cookies as a browser does.
type visitor struct {
	t   *testing.T
	jar map[string]string
}

func (v *visitor) open(path string, header ...string) answer {
	v.t.Helper()
	var pairs []string
	for name, value := range v.jar {
		pairs = append(pairs, name+"="+value)
	}
	header = append(header, "Accept", "text/html", "Sec-Fetch-Mode", "navigate")
	if len(pairs) > 0 {
		header = append(header, "Cookie", strings.Join(pairs, "; "))
	}
	got := get(v.t, "https://a.test"+path, header...)
	for _, c := range (&http.Response{Header: got.header}).Cookies() {
		if !c.Secure || !c.HttpOnly || c.Path != "/" || c.SameSite != http.SameSiteLaxMode || c.Domain != "" {
			v.t.Errorf("SE the cookie %s: %v", c.Name, got.header["Set-Cookie"])
		}
		if v.jar[c.Name] = c.Value; c.MaxAge < 0 {
			delete(v.jar, c.Name)
		}
	}
	return got
}

// leave follows the way to the login and returns what it is given there.
func (v *visitor) leave(path string) url.Values {
	v.t.Helper()
	got := v.open(path)
	to, err := url.Parse(got.header.Get("Location"))
	if err != nil || got.status != 302 || to.Host != "panel.test:9443" || to.Path != "/authorize" || got.header.Get("Cache-Control") != "no-store" {
		v.t.Fatalf("%s: %d %v", path, got.status, got.header)
	}
	return to.Query()
}

func TestSigningInLeadsBackToWhereItBegan(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	v := &visitor{t, map[string]string{}}
	q := v.leave("/album/1?x=%2F&y=a+b")
	if q.Get("host") != "h_a" || q.Get("name") != "a.test" || q.Get("rd") != "/album/1?x=%2F&y=a+b" || q.Has("factor") || v.jar[requests.StateCookie] == "" {
		t.Fatalf("%v %v", q, v.jar)
	}
	second := v.leave("/second") // a tab that was opened meanwhile

	back := "/_argos/session?ticket=" + panel.ticket("h_a", q.Get("state"), q.Get("rd"))
	stranger := &visitor{t, map[string]string{}}
	if got := stranger.open(back); got.status != 400 || len(stranger.jar) != 0 {
		t.Errorf("LG the way back in another browser: %d %v", got.status, stranger.jar)
	}
	if got := v.open(back); got.status != 303 || got.header.Get("Location") != "/album/1?x=%2F&y=a+b" || got.header.Get("Referrer-Policy") != "no-referrer" {
		t.Fatalf("%d %v", got.status, got.header)
	}
	if got := v.open("/album/1"); got.status != 200 || parse(t, got).Header.Get("Cookie") != "" {
		t.Errorf("FA-16 %d %s", got.status, got.body)
	}
	if got := v.open("/_argos/session?ticket=" + panel.ticket("h_a", second.Get("state"), second.Get("rd"))); got.status != 303 || got.header.Get("Location") != "/second" {
		t.Errorf("the second tab: %d %v", got.status, got.header)
	}
	if got := v.open(back); got.status != 303 || got.header.Get("Location") != "/" {
		t.Errorf("again, by one who is signed in: %d %v", got.status, got.header)
	}
	if panel.last()["ticket"] != nil && panel.last()["nonce"] != v.jar[requests.StateCookie] {
		t.Errorf("%v", panel.last())
	}
	for name, link := range map[string]string{
		"used": back, "none": "/_argos/session", "two": back + "&ticket=" + newToken(), "made up": "/_argos/session?ticket=" + newToken(), "of another host": "/_argos/session?ticket=" + panel.ticket("h_b", q.Get("state"), "/"),
		"no ticket": "/_argos/session?ticket=x", "for another state": "/_argos/session?ticket=" + panel.ticket("h_a", newToken(), "/"),
	} {
		once := &visitor{t, map[string]string{requests.StateCookie: v.jar[requests.StateCookie]}}
		if got := once.open(link); got.status != 400 || once.jar[requests.GateCookie] != "" {
			t.Errorf("LG %s: %d %v", name, got.status, once.jar)
		}
	}
}

func TestAWayBackStaysOnItsHost(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	v := &visitor{t, map[string]string{}}
	state := v.leave("/").Get("state")
	for _, rd := range []string{"https://evil.test/", "//evil.test", `/\evil.test`, `\\evil.test`, "javascript:alert(1)", "/x\r\nSet-Cookie: a=b", "/\t/evil.test", "", "evil", "/_argos/logout", "/ü", " /x"} {
		if got := v.open("/_argos/session?ticket=" + panel.ticket("h_a", state, rd)); got.header.Get("Location") != "/" || len(got.header["Set-Cookie"]) != 1 {
			t.Errorf("RT %q: %v", rd, got.header)
		}
	}
	for sent, want := range map[string]string{"//evil.test/x": "/", "/%5cevil": "/%5cevil", "/x?rd=//y": "/x?rd=//y", "/" + strings.Repeat("a", 2100): "/", "/x#y": "/x"} {
		once := &visitor{t, map[string]string{}}
		if got := once.leave(sent).Get("rd"); got != want {
			t.Errorf("RT %.40s: %.40s", sent, got)
		}
	}
}

func TestAFactorThatIsTooOldIsAskedForAgain(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", a{m{"factor_s": 3600}}, nil)}, map[string]m{"p": aPool(up.addr())})
	now := time.Now()
	for _, c := range []struct {
		at   any
		want int
	}{{nil, 302}, {now.Add(-2 * time.Hour).UnixMilli(), 302}, {now.Add(-time.Minute).UnixMilli(), 200}} {
		v := &visitor{t, map[string]string{requests.GateCookie: panel.know(newToken(), "h_a", with(anna(), m{"factor_at": c.at}))}}
		got := v.open("/x")
		if got.status != c.want || c.want == 302 && !strings.HasSuffix(got.header.Get("Location"), "&factor=1") {
			t.Errorf("%v: %d %v", c.at, got.status, got.header)
		}
		if c.want == 302 {
			if got := get(t, "https://a.test/x", "Cookie", requests.GateCookie+"="+v.jar[requests.GateCookie]); got.status != 401 || !strings.Contains(got.body, `"code":"factor"`) {
				t.Errorf("a script: %d %s", got.status, got.body)
			}
		}
	}
}

func TestWhoIsSentToTheLoginAndWhoIsTold(t *testing.T) {
	up := anUpstream(t)
	aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil), "h_b": with(guarded("plain.test", people, nil), m{"tls": "none"})}, map[string]m{"p": aPool(up.addr())})
	for _, c := range []struct {
		method string
		header []string
		want   int
		kind   string
	}{
		{"GET", []string{"Accept", "text/html"}, 302, ""}, {"HEAD", []string{"Accept", "text/html"}, 302, ""}, {"GET", []string{"Accept", "text/html", "Sec-Fetch-Mode", "navigate"}, 302, ""},
		{"GET", []string{"Accept", "text/html", "Sec-Fetch-Mode", "cors"}, 401, "application/problem+json"}, {"GET", []string{"Accept", "text/html", "Sec-Fetch-Mode", "no-cors"}, 401, "application/problem+json"},
		{"GET", []string{"Accept", "text/html", "Sec-Fetch-Mode", "websocket"}, 401, "application/problem+json"}, {"GET", []string{"Accept", "*/*"}, 401, "application/problem+json"},
		{"GET", nil, 401, "application/problem+json"}, {"POST", []string{"Accept", "text/html", "Sec-Fetch-Mode", "navigate"}, 401, "text/html; charset=utf-8"}, {"POST", []string{"Accept", "application/json"}, 401, "application/problem+json"},
	} {
		r, _ := http.NewRequest(c.method, "https://a.test/x", nil)
		for i := 0; i < len(c.header); i += 2 {
			r.Header.Set(c.header[i], c.header[i+1])
		}
		got := do(t, client(t, false, ""), r)
		if got.status != c.want || got.header.Get("Content-Type") != c.kind || c.want == 401 && got.header.Get("WWW-Authenticate") == "" {
			t.Errorf("%s %v: %d %v", c.method, c.header, got.status, got.header)
		}
	}
	before := *live.CurrentSettings()
	defer live.Configure(before)
	plain := func(more string) string {
		return talk(t, httpPort, "", "GET / HTTP/1.1\r\nHost: plain.test\r\nAccept: text/html\r\nConnection: close\r\n"+more+"\r\n")
	}
	// Over plain HTTP no browser keeps the cookie: going to the login would go round for ever.
	contains(t, plain("X-Forwarded-Proto: https\r\n"), "401", "needs HTTPS")
	behind := before
	behind.TrustedProxies = []netip.Prefix{netip.MustParsePrefix("127.0.0.1/32")}
	live.Configure(behind)
	contains(t, plain("X-Forwarded-Proto: https\r\n"), "302", "https://panel.test:9443/authorize?host=h_b&name=plain.test")
	contains(t, plain("X-Forwarded-Proto: https, http\r\n"), "401", "needs HTTPS")
	nowhere := before
	nowhere.Gate.Login = ""
	live.Configure(nowhere)
	if got := get(t, "https://a.test/", "Accept", "text/html"); got.status != 401 || !strings.Contains(got.body, "the panel has no name") {
		t.Errorf("%d %s", got.status, got.body)
	}
	if up.hits.Load() != 0 {
		t.Error("the upstream was asked")
	}
}

func TestWhatIsBelowOurPathIsOursOnHostsWithAPolicyOnly(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil), "h_b": aHost("p", "b.test")}, map[string]m{"p": aPool(up.addr())})
	cookie := panel.signedIn("h_a", anna())
	for _, path := range []string{"/_argos", "/_argos/", "/_argos/x", "/_argos/session/x", "/_argos%2fsession2"} {
		if got := get(t, "https://a.test"+path, "Cookie", cookie); got.status != 404 {
			t.Errorf("FA-12 %s: %d", path, got.status)
		}
	}
	for _, method := range []string{"POST", "HEAD", "PUT"} {
		r, _ := http.NewRequest(method, "https://a.test/_argos/session?ticket="+newToken(), nil)
		if got := do(t, client(t, false, ""), r); got.status != 404 {
			t.Errorf("%s: %d", method, got.status)
		}
	}
	if up.hits.Load() != 0 {
		t.Error("the upstream was asked")
	}
	if got := get(t, "https://b.test/_argos/session?ticket=x"); got.status != 200 || panel.asked.Load() != 0 {
		t.Errorf("a host for all: %d", got.status)
	}
	// The gate's socket is the panel's, but no visitor gets there: not by name, not by what it says.
	for _, path := range []string{"/facts", "/redeem", "/api/v1/facts"} {
		got := get(t, "https://panel.test"+path, "X-Argos-Client", "10.0.0.1", "X-Forwarded-For", "10.0.0.1")
		if panel.asked.Load() != 0 {
			t.Errorf("FA-12 %s: %d", path, got.status)
		}
	}
	log, _ := os.ReadFile(accessLog)
	if strings.Contains(string(log), cookie[13:]) {
		t.Error("a secret stands in the log")
	}
}
