package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

func TestTheControlSocketEvicts(t *testing.T) {
	e := startEdge(t)
	asks := 0
	socket := filepath.Join(e.run, "gate.sock")
	ln, err := net.Listen("unix", socket)
	must(t, err)
	panel := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if asks++; asks > 1 {
			io.WriteString(w, `{"facts":null}`)
			return
		}
		io.WriteString(w, `{"facts":{"session":"s_1","source":"session","until":4102444800000,"person":{"id":"u_1","username":"anna"}}}`)
	})}
	go panel.Serve(ln)
	t.Cleanup(func() { panel.Close() })

	base := e.base(nil)
	argos := base["apps"].(m)["argos"].(m)
	for _, wrong := range []m{{"login": "panel.test"}, {"login": "https://panel.test/x"}, {"socket": "gate.sock"}} {
		argos["gate"] = wrong
		if said := e.load(m{"base": base}); said.status == 200 || !strings.Contains(said.body["error"].(string), "gate") {
			t.Errorf("%v: %v", wrong, said)
		}
	}
	argos["gate"] = m{"socket": socket, "login": "https://panel.test:9443"}
	host := says("a.test", "hello")
	host["handle"].(a)[0] = m{"handler": "argos_gate", "policy": m{"kind": "rules", "id": "o_1", "any": a{m{"person": true}}}, "keep": true, "assertion": false}
	if said := e.load(m{"base": base, "hosts": m{"h_1": host}}); said.status != 200 || len(said.body["refused"].(m)) > 0 {
		t.Fatal(said)
	}
	ask := func() int {
		r, _ := http.NewRequest("GET", "http://"+net.JoinHostPort("127.0.0.1", fmt.Sprint(e.http))+"/", nil)
		r.Host = "a.test"
		r.Header.Set("Cookie", "__Host-argos="+strings.Repeat("a", 43))
		res, err := (&http.Client{Timeout: 10 * time.Second}).Do(r)
		must(t, err)
		res.Body.Close()
		return res.StatusCode
	}
	if a, b := ask(), ask(); a != 200 || b != 200 {
		t.Errorf("%d %d", a, b)
	}
	for _, wrong := range []any{m{}, m{"all": false}, m{"session": "s_1", "all": true}, m{"user": "u"}, a{}} {
		if said := e.call("POST", "/argos/evict", wrong); said.status != 400 {
			t.Errorf("%v: %v", wrong, said)
		}
	}
	if said := e.call("POST", "/argos/evict", m{"person": "u_2"}); said.status != 200 || said.body["dropped"] != 0.0 || said.body["cancelled"] != 0.0 {
		t.Errorf("%v", said)
	}
	if said := e.call("POST", "/argos/evict", m{"person": "u_1"}); said.status != 200 || said.body["dropped"] != 1.0 {
		t.Errorf("FA-19 %v", said)
	}
	if got := ask(); got != 401 {
		t.Errorf("FA-19 %d", got)
	}
	said := e.call("GET", "/metrics", nil).body["text"].(string)
	for _, line := range []string{`argos_gate_questions_total{outcome="known"} 1`, `argos_gate_questions_total{outcome="unknown"} 1`, `argos_gate_kept_total 1`, `argos_gate_denied_total{reason="sign_in"} 1`, `argos_gate_facts 0`} {
		if !strings.Contains(said, line+"\n") {
			t.Errorf("not counted: %s", line)
		}
	}
}
