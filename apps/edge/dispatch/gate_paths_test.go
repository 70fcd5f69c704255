package dispatch_test

import (
	"strings"
	"testing"
)

// Ways to write a path, raw, against a host with a part for all and a part for a few.
func TestNoSpellingOfAPathOpensWhatIsNotForAll(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, m{"paths": a{
		m{"prefix": "/public/", "kind": "public"}, m{"prefix": "/admin", "id": "o_2", "any": a{m{"people": a{"u_root"}}}},
	}})}, map[string]m{"p": aPool(up.addr())})
	if got := talk(t, httpsPort, "a.test", "GET /public/x HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n"); !strings.Contains(got, "200 OK") {
		t.Fatalf("the part for all: %s", got)
	}
	cookie := panel.signedIn("h_a", anna())
	up.hits.Store(0)
	for _, path := range []string{
		"/x", "//x", "//public/x", "/public//x", "/public/../x", "/a/../x", "/%2e%2e/x", "/public/%2e%2e/x", "/public/%2E./x", "/x%2f..", "/public%2f..%2fx", "/public%2Fx", "/public/x%2f..%2f..%2fy",
		"/x;y", "/public;/../x", "/public/..;/x", "/public/;/x", "/x#y", "/public/#/../x", "/%", "/public/%", "/public/%zz", "/%c0%ae", "/public/%c0%ae%c0%ae/x", `\`, `/\`, `/public\..\x`, "/public/%5c..%5cx",
		"/public/%252e%252e/x", "/public/%00", "/public/./x", "/public/.", "/PUBLIC/x", "/Public/x", "/publicx", "/x?x=/public/", "/public/%ef%bc%8e%ef%bc%8e/x", "/public./x", "/public/..%20/x",
		"https://a.test//public/x", "https://a.test/public/../x", "/./public/x", "/_argos/../public/x", "/_argos/x",
	} {
		got := talk(t, httpsPort, "a.test", "GET "+path+" HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\n\r\n")
		if up.hits.Swap(0) != 0 {
			t.Errorf("FA-11 F15 %s reached the application: %.200s", path, got)
		}
	}
	for _, path := range []string{"/admin", "/admin/", "/admin/x", "//admin", "/x/../admin", "/%61dmin", "/Admin", "/ADMIN/x", "/admin%2fx", "/x%2f..%2fadmin", `/x\..\admin`, "/admin;x", "/admin./", "/admin%20", "/%2561dmin", "/admin//x"} {
		got := talk(t, httpsPort, "a.test", "GET "+path+" HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nCookie: "+cookie+"\r\n\r\n")
		if up.hits.Swap(0) != 0 {
			t.Errorf("F15 %s opened what is for others: %.200s", path, got)
		}
	}
	for _, path := range []string{"/", "/x", "/administer", "/x.y/z", "/public/x?y=%2f..", "/M%C3%BCller"} {
		got := talk(t, httpsPort, "a.test", "GET "+path+" HTTP/1.1\r\nHost: a.test\r\nConnection: close\r\nCookie: "+cookie+"\r\n\r\n")
		if up.hits.Swap(0) != 1 {
			t.Errorf("%s is refused: %.200s", path, got)
		}
	}
}
