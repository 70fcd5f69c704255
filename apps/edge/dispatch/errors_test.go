package dispatch_test

import (
	"bufio"
	"encoding/json"
	"net"
	"os"
	"strings"
	"testing"
	"time"

	"argos/edge/live"
)

func deadAddr(t *testing.T) string {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	return ln.Addr().String()
}

func TestAHostWhoseUpstreamIsAwayAnswersWithAPage(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{
		"h_a": aHost("p_dead", "a.test"),
		"h_b": aHost("p_name", "b.test"),
		"h_c": aHost("p_none", "c.test"),
		"h_w": aHost("p_good", "*.w.test"),
	}, map[string]m{
		"p_dead": aPool(deadAddr(t)),
		"p_name": aPool("does-not-resolve.invalid:80"),
		"p_none": aPool(),
		"p_good": aPool(up.addr()),
	})
	for host, status := range map[string]int{"a.test": 502, "b.test": 502, "c.test": 503, "x.w.test": 200} {
		got := get(t, "https://"+host+"/", "Accept", "text/html")
		if got.status != status {
			t.Errorf("F2 %s: %d %s", host, got.status, got.body)
		}
		if id := got.header.Get("X-Request-Id"); status >= 500 && (id == "" || !strings.Contains(got.body, id) || !strings.Contains(got.body, "<h1>")) {
			t.Errorf("%s: not our page: %q", host, got.body)
		}
		if status >= 500 && strings.Contains(got.body, "127.0.0.1") || strings.Contains(got.body, "invalid") {
			t.Errorf("%s names its upstream: %s", host, got.body)
		}
	}
	if got := get(t, "https://a.test/", "Accept", "application/json"); got.header.Get("Content-Type") != "application/problem+json" {
		t.Errorf("not JSON: %v", got)
	}
}

func TestNoPoolLeadsBackIntoTheEdge(t *testing.T) {
	before := live.CurrentSettings()
	defer live.Configure(*before)
	serve(t, map[string]m{"h_a": aHost("p", "a.test"), "h_b": aHost("q", "b.test")}, map[string]m{
		"p": aPool(at(httpPort)), "q": aPool("localhost:" + strings.TrimPrefix(at(panelPort), "127.0.0.1:")),
	})
	for _, host := range []string{"a.test", "b.test"} {
		if got := get(t, "https://"+host+"/"); got.status != 502 {
			t.Errorf("CF-15 %s: %d", host, got.status)
		}
	}
}

func TestTheAccessLogHasOurFieldsAndNoSecrets(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	get(t, "https://a.test/logged", "Cookie", "__Host-argos=HUSH1; a=HUSH2", "Authorization", "Bearer HUSH3", "X-Auth-User", "HUSH4",
		"X-Forwarded-For", "9.9.9.9", "User-Agent", "tester")
	var line struct {
		Argos map[string]any `json:"argos"`
	}
	eventually(t, 2*time.Second, "a line in the log", func() bool {
		f, err := os.Open(accessLog)
		if err != nil {
			return false
		}
		defer f.Close()
		for s := bufio.NewScanner(f); s.Scan(); {
			if strings.Contains(s.Text(), "HUSH") {
				t.Fatalf("a secret in the log: %s", s.Text())
			}
			if strings.Contains(s.Text(), "/logged") {
				return json.Unmarshal(s.Bytes(), &line) == nil
			}
		}
		return false
	})
	for key, want := range map[string]any{
		"client": "127.0.0.1", "user_agent": "tester", "host": "h_a", "name": "a.test", "pool": "p", "target": up.addr(), "stage": "upstreams", "policy": "public",
	} {
		if line.Argos[key] != want {
			t.Errorf("%s is %v, want %v", key, line.Argos[key], want)
		}
	}
	if id, _ := line.Argos["request_id"].(string); len(id) != 26 {
		t.Errorf("request_id %q", id)
	}
}
