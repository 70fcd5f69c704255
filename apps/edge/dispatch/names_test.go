package dispatch_test

import (
	"crypto/tls"
	"fmt"
	"net/http"
	"strings"
	"testing"
)

func TestNames(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{
		"h_a":   aHost("p", "a.test"),
		"h_w":   aHost("p", "*.w.test"),
		"h_off": with(aHost("p", "b.test"), m{"off": true}),
		"h_no":  with(aHost("p", "plain.test"), m{"tls": "none"}),
	}, map[string]m{"p": aPool(up.addr())})

	t.Run("FA-10 a host is one whatever case, port, dot or form its name has", func(t *testing.T) {
		for _, c := range []struct {
			sni, line, host string
			want            string // of these statuses
		}{
			{"a.test", "/x", "a.test", "200"},
			{"a.test", "/x", "A.TEST", "200"},
			{"A.Test", "/x", "a.test", "200"},
			{"a.test", "/x", fmt.Sprintf("a.test:%d", httpsPort), "200"},
			{"a.test", "/x", "a.test:443", "200"},
			{"a.test", "/x", "a.test.", "200 421"},
			{"a.test", "https://a.test/x", "b.test", "200"}, // the URI's authority counts (RFC 9112, 3.2.2)
			{"a.test", "/x", "one.w.test", "421"},
			{"a.test", "/x", "nobody.test", "421"},
			{"a.test", "/x", "127.0.0.1", "421"},
			{"a.test", "/x", "a.test/../b", "400"},
			{"one.w.test", "/x", "one.w.test", "200"},
			{"one.w.test", "/x", "two.w.test", "421"},
		} {
			got := talk(t, httpsPort, c.sni, fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", c.line, c.host))
			status := strings.Split(got+"  ", " ")[1]
			if !strings.Contains(c.want, status) || status == "" {
				t.Errorf("SNI %s, %s, Host %s: %s, want %s", c.sni, c.line, c.host, status, c.want)
			}
			if status != "200" && (strings.Contains(got, "Caddy") || strings.Contains(got, "h_")) {
				t.Errorf("leaks: %q", got)
			}
		}
	})

	t.Run("names nobody has, and hosts that are off, get no handshake", func(t *testing.T) {
		for name, known := range map[string]bool{
			"a.test": true, "one.w.test": true, "panel.test": true,
			"nobody.test": false, "b.test": false, "plain.test": false, "w.test": false, "two.one.w.test": false, "": false,
		} {
			conn, err := tls.Dial("tcp", at(httpsPort), &tls.Config{InsecureSkipVerify: true, ServerName: name})
			if err == nil {
				conn.Close()
			}
			if (err == nil) != known {
				t.Errorf("%q: %v", name, err)
			}
		}
		conn, err := tls.Dial("tcp", at(panelPort), &tls.Config{InsecureSkipVerify: true})
		if err != nil {
			t.Fatalf("the panel's own listener: %v", err)
		}
		conn.Close()
	})

	t.Run("the plain listener redirects, serves what has no TLS, and answers strangers", func(t *testing.T) {
		for _, c := range []struct{ line, host, status, location string }{
			{"/x?q=1&r=%20", "a.test", "308", fmt.Sprintf("https://a.test:%d/x?q=1&r=%%20", httpsPort)},
			{"http://A.test:80/y", "zzz", "308", fmt.Sprintf("https://a.test:%d/y", httpsPort)},
			{"//evil.test/x", "a.test", "308", fmt.Sprintf("https://a.test:%d//evil.test/x", httpsPort)},
			{"/", "deep.w.test", "308", fmt.Sprintf("https://deep.w.test:%d/", httpsPort)},
			{"/", "panel.test", "308", fmt.Sprintf("https://panel.test:%d/", httpsPort)},
			{"/", "plain.test", "200", ""},
			{"/", "PLAIN.test.:8080", "200", ""},
			{"/", "nobody.test", "404", ""},
			{"/", "b.test", "404", ""},
			{"/", "[::1]:80", "404", ""},
		} {
			got := talk(t, httpPort, "", fmt.Sprintf("GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n", c.line, c.host))
			res := strings.Split(got+"  ", " ")[1]
			if res != c.status || c.location != "" && !strings.Contains(got, "Location: "+c.location+"\r\n") {
				t.Errorf("%s %s: %q", c.host, c.line, got)
			}
			if c.status == "404" && (strings.Contains(got, "Caddy") || strings.Contains(strings.ToLower(got), "argos")) {
				t.Errorf("leaks: %q", got)
			}
		}
	})

	t.Run("FA-10 with 150 hosts more", func(t *testing.T) {
		more := map[string]m{}
		for i := range 150 {
			more[fmt.Sprintf("h_%d", i)] = with(aHost("p", fmt.Sprintf("n%d.many.test", i)), m{"tls": "none"})
		}
		serve(t, more, nil)
		for _, host := range []string{"n0.many.test", "N149.MANY.TEST.", "n77.many.test:80"} {
			if got := talk(t, httpPort, "", "GET / HTTP/1.1\r\nHost: "+host+"\r\nConnection: close\r\n\r\n"); !strings.Contains(got, "200 OK") {
				t.Errorf("%s: %q", host, got)
			}
		}
	})
}

func TestHTTP2IsServedAndHeldToItsName(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test"), "h_c": aHost("p", "c.test")}, map[string]m{"p": aPool(up.addr())})
	for host, want := range map[string]int{"a.test": 200, "c.test": 421} {
		r, _ := http.NewRequest("GET", "https://a.test/", nil)
		r.Host = host
		if got := do(t, client(t, true, "a.test"), r); got.status != want {
			t.Errorf("%s: %d", host, got.status)
		}
	}
}
