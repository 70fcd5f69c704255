package dispatch_test

import (
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"strings"
	"testing"
)

func aPanel(t *testing.T) {
	t.Helper()
	ln, err := net.Listen("unix", panelSocket)
	if err != nil {
		t.Fatal(err)
	}
	srv := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Add("Set-Cookie", "__Host-panel=new")
		json.NewEncoder(w).Encode(seen{Host: r.Host, URI: r.RequestURI, Method: r.Method, Header: r.Header})
	})}
	go srv.Serve(ln)
	t.Cleanup(func() { srv.Close() })
}

func TestThePanel(t *testing.T) {
	ask := func(port int, sni, host string) (string, seen) {
		t.Helper()
		got := talk(t, port, sni, "GET /api/x?y=1 HTTP/1.1\r\nHost: "+host+"\r\nX-Argos-Client: 6.6.6.6\r\nx_argos_client: 6.6.6.6\r\nX-Argos-Proto: http\r\n"+
			"X-Forwarded-For: 6.6.6.6\r\nForwarded: for=6.6.6.6\r\nCookie: __Host-panel=s; __Host-argos=t; a=1\r\nAccept: text/html\r\nConnection: close, X-Argos-Client\r\n\r\n")
		var s seen
		if i := strings.Index(got, "{"); i >= 0 {
			json.Unmarshal([]byte(got[i:]), &s)
		}
		return got, s
	}

	t.Run("a panel that is down is a page that waits", func(t *testing.T) {
		for _, c := range []struct {
			port      int
			sni, host string
		}{{panelPort, "panel.local", at(panelPort)}, {httpsPort, "panel.test", "panel.test"}} {
			got, _ := ask(c.port, c.sni, c.host)
			contains(t, got, "503", "Waiting for the panel", "Retry-After: 3", `http-equiv="refresh"`, "X-Request-Id")
		}
	})

	aPanel(t)
	t.Run("LG-06 SE-11 it learns client and protocol from us alone", func(t *testing.T) {
		for _, c := range []struct {
			port      int
			sni, host string
		}{{panelPort, "panel.local", at(panelPort)}, {httpsPort, "panel.test", "panel.test"}} {
			got, s := ask(c.port, c.sni, c.host)
			if s.Host != c.host || s.URI != "/api/x?y=1" || fmt.Sprint(s.Header["X-Argos-Client"], s.Header["X-Argos-Proto"]) != "[127.0.0.1] [https]" {
				t.Errorf("%+v", s)
			}
			if strings.Contains(fmt.Sprint(s.Header), "6.6.6.6") {
				t.Errorf("a claim arrived: %v", s.Header)
			}
			if s.Header.Get("Cookie") != "__Host-panel=s; a=1" {
				t.Errorf("cookies: %v", s.Header["Cookie"])
			}
			contains(t, got, "Set-Cookie: __Host-panel=new")
			if strings.Contains(got, "Strict-Transport-Security") || strings.Contains(got, "Caddy") {
				t.Errorf("%s", got)
			}
		}
	})

	t.Run("HSTS on its public name only, when told", func(t *testing.T) {
		configure(true)
		defer configure(false)
		got, _ := ask(httpsPort, "panel.test", "panel.test")
		contains(t, got, "Strict-Transport-Security: max-age=31536000")
		if got, _ := ask(panelPort, "panel.local", "panel.local"); strings.Contains(got, "Strict-Transport-Security") {
			t.Errorf("%s", got)
		}
	})
}
