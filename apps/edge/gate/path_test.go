package gate

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"
	"time"
)

// policyOf provisions a policy from its JSON.
func policyOf(t testing.TB, raw string) *Policy {
	t.Helper()
	p := new(Policy)
	if err := strict([]byte(raw), p); err != nil {
		t.Fatal(err)
	}
	if err := p.compile(); err != nil {
		t.Fatal(err)
	}
	return p
}

func requestFor(t testing.TB, sent string) *http.Request {
	t.Helper()
	u, err := url.ParseRequestURI(sent)
	if err != nil {
		t.Skipf("the server refuses it: %v", err)
	}
	return &http.Request{URL: u}
}

// twisted are ways to write a path that two readers may take for different ones.
var twisted = []string{
	"//x", "/public//x", "/public/./x", "/public/../x", "/public/..", "/public/.", "/public/%2e%2e/x", "/public/%2E%2e/x", "/public/.%2e/x",
	"/public/x%2f..", "/public%2f..%2fx", "/public%2Fx", "/public%5c..%5cx", `/public\..\x`, "/public/..;/x", "/public;/x", "/public/;x", "/public%3b/x",
	"/public%252f..%252fx", "/public/%252e%252e/x", "/public/%00", "/public/%0a", "/public/%7f", "/public/%c0%ae%c0%ae/x", "/public/%c0%af", "/public/%ff",
	"/public/x%23y", "/public/x%3fy", "/public./x", "/public%20/x", "/public/x.", "/public/...", "/public/%ef%bc%8e%ef%bc%8e/x", "/public/%ef%bc%8fx",
	"/public/%e2%80%a5/x", "/public/%e2%88%95x", "/%2e/public/x", "/public/x%20", "/public/%25", "*",
}

func TestAPathThatMayBeReadInTwoWaysGetsTheStrictestReading(t *testing.T) {
	p := policyOf(t, `{"kind":"rules","id":"host","any":[{"person":true}],"paths":[{"prefix":"/public","kind":"public"},{"prefix":"/admin/","id":"admin","any":[{"people":["u_root"]}]}]}`)
	anna := &facts{source: sourceSession}
	anna.who.Person = "u_anna"
	for _, sent := range twisted {
		t.Run(sent, func(t *testing.T) {
			by := p.ruling(requestFor(t, sent))
			if by.ok || by.judge(nil, here{}) == passes {
				t.Errorf("FA-11 F15 opens to strangers")
			}
			if by.judge(anna, here{}) == passes {
				t.Errorf("F15 opens what is for others")
			}
		})
	}
}

func TestTheLongestPathThatHoldsDecides(t *testing.T) {
	p := policyOf(t, `{"kind":"rules","id":"host","any":[{"person":true}],"paths":[
		{"prefix":"/api/","id":"api","any":[{"people":["u_1"]}]},{"prefix":"/api/open","kind":"public"},{"prefix":"/a+b~(c)","id":"odd","any":[]}]}`)
	for sent, want := range map[string]string{
		"/": "host", "/x": "host", "/api": "api", "/api/": "api", "/api/v1": "api", "/apis": "host", "/api.json": "host",
		"/api/open": "public", "/api/open/": "public", "/api/open/x?y=//..": "public", "/api/opened": "api", "/%61pi/x": "api", "/api/%6fpen": "public",
		"/API/x": "host+", "/api/OPEN": "host+", "/x/api/open": "host", "/?x=/api/open": "host", "/a+b~(c)/x": "odd", "/M%C3%BCller": "host", "/.well-known/x": "host",
	} {
		by := p.ruling(requestFor(t, sent))
		got := by.one.id
		if by.all != nil {
			got += "+"
		}
		if got != want {
			t.Errorf("F15 %s: %s, want %s", sent, got, want)
		}
	}
}

func TestACredentialForPathsIsGoodForThoseAlone(t *testing.T) {
	f := &facts{paths: []string{"/api", "/dav"}}
	for sent, want := range map[string]bool{"/api": true, "/api/x": true, "/dav/y": true, "/apis": false, "/": false, "/API/x": false, "/api/../x": false, "/api%2fx": false} {
		path, ok := pathOf(requestFor(t, sent))
		if f.covers(path, ok) != want {
			t.Errorf("%s: %v", sent, !want)
		}
	}
	if !new(facts).covers("", false) {
		t.Error("one for the whole host is not")
	}
	if (&facts{paths: []string{}}).covers("/", true) {
		t.Error("one for no path is for all")
	}
}

func FuzzCanonicalPath(f *testing.F) {
	for _, s := range twisted {
		f.Add(s)
	}
	f.Add("/public/x")
	f.Fuzz(func(t *testing.T, sent string) {
		u, err := url.ParseRequestURI(sent)
		if err != nil {
			return
		}
		path, ok := canonicalPath(u.Path, u.RawPath)
		if !ok {
			return
		}
		// Whoever decodes again, cleans, trims or splits reads the same.
		again, err := url.PathUnescape(path)
		if err != nil || again != path || strings.ContainsAny(path, "\\;%?#\x00") || strings.Contains(path, "//") {
			t.Errorf("%q is taken for %q", sent, path)
		}
		for part := range strings.SplitSeq(path, "/") {
			if strings.TrimRight(part, ". ") != part {
				t.Errorf("%q has the part %q", sent, part)
			}
		}
	})
}

func BenchmarkRuling(b *testing.B) {
	p := policyOf(b, `{"kind":"rules","any":[{"person":true}],"paths":[{"prefix":"/api/","any":[]},{"prefix":"/share","kind":"public"}]}`)
	r := requestFor(b, "/some/ordinary/path/of/an/app.js")
	b.ReportAllocs()
	for b.Loop() {
		by := p.ruling(r)
		by.judge(nil, here{now: time.Time{}})
	}
}

func ExamplePolicy_ruling() {
	p := new(Policy)
	_ = strict([]byte(`{"kind":"rules","id":"host","any":[{"person":true}],"paths":[{"prefix":"/share","kind":"public"}]}`), p)
	_ = p.compile()
	for _, path := range []string{"/share/x", "/share/../x"} {
		by := p.ruling(&http.Request{URL: &url.URL{Path: path}})
		fmt.Println(path, by.one.id)
	}
	// Output:
	// /share/x public
	// /share/../x host
}
