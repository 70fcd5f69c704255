package dispatch

import (
	"net/http"
	"testing"
)

func TestCanonical(t *testing.T) {
	for host, want := range map[string]string{
		"a.test": "a.test", "A.Test": "a.test", "a.test.": "a.test", "a.test:443": "a.test", "A.TEST.:8443": "a.test", "a.test:": "a.test",
		"[::1]:80": "[::1]", "[::1]": "[::1]", "::1": "::1", "10.0.0.1:80": "10.0.0.1", "": "", ":80": "", "a.test..": "a.test.",
	} {
		if got := canonical(host); got != want {
			t.Errorf("FA-10 %q: %q, want %q", host, got, want)
		}
	}
}

func TestClaims(t *testing.T) {
	for name, want := range map[string]bool{
		"X-Auth-User": true, "x_auth_user": true, "X.AUTH_user": true, "Remote-User": true, "remote.groups": true, "X-Argos-": true, "X-Argos-New": true,
		"X-Forwarded-Anything": true, "Forwarded": true, "Cf-Connecting-Ip": true, "True_Client_Ip": true,
		"X-Auth": false, "X-Auth-User-Agent": false, "Remote": false, "Xauthuser": false, "Cookie": false, "": false, "X-Argo": false,
	} {
		if isClaim(name) != want {
			t.Errorf("FA-04 %q", name)
		}
	}
}

func BenchmarkCanonical(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		canonical("app.example.com:8443")
	}
}

func BenchmarkStrip(b *testing.B) {
	r := &http.Request{Header: http.Header{
		"Accept": {"*/*"}, "Accept-Encoding": {"gzip"}, "Accept-Language": {"de"}, "Cookie": {"a=1"}, "User-Agent": {"x"},
		"Referer": {"x"}, "Cache-Control": {"no-cache"}, "X-Requested-With": {"x"}, "Sec-Fetch-Mode": {"cors"}, "Te": {"trailers"},
	}}
	b.ReportAllocs()
	for b.Loop() {
		strip(r)
	}
}
