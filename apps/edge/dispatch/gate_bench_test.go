package dispatch_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"syscall"
	"testing"

	"github.com/caddyserver/caddy/v2"

	"argos/edge/live"
)

// Requests through the real listener to a real upstream: open, signed in, and with a question each time. The
// second is to be at least 0.9 of the first.
func BenchmarkGate(b *testing.B) {
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { io.WriteString(w, "hello") }))
	defer up.Close()
	panel := aDoorkeeper(b)
	plain := func(h m) m { return with(h, m{"tls": "none"}) }
	kept := guarded("kept.test", people, m{"paths": a{m{"prefix": "/public/", "kind": "public"}}})
	hosts := map[string]m{"h_open": plain(aHost("p", "open.test")), "h_kept": plain(kept), "h_asked": plain(guarded("asked.test", people, m{"keep": false}))}
	if refused := swap(hosts, map[string]m{"p": aPool(up.Listener.Addr().String())}); len(refused) > 0 {
		b.Fatal(refused)
	}
	defer live.Swap(caddy.ActiveContext(), live.Set{}, keys(hosts), []string{"p"})
	cookies := make([]string, 100)
	for i := range cookies {
		token := newToken()
		panel.know(token, "h_kept", anna())
		panel.know(token, "h_asked", anna())
		cookies[i] = "theme=dark; __Host-argos=" + token
	}
	tr := &http.Transport{MaxIdleConnsPerHost: 100, DisableCompression: true}
	defer tr.CloseIdleConnections()
	for _, host := range []string{"open", "kept", "asked"} {
		b.Run(host, func(b *testing.B) {
			var turn atomic.Int64
			b.ReportAllocs()
			before := processorTime()
			defer func() { b.ReportMetric(float64(processorTime()-before)/float64(b.N), "cpu-ns/op") }()
			b.RunParallel(func(pb *testing.PB) {
				for pb.Next() {
					r, _ := http.NewRequest("GET", fmt.Sprintf("http://%s/some/page", at(httpPort)), nil)
					r.Host = host + ".test"
					r.Header.Set("Cookie", cookies[turn.Add(1)%int64(len(cookies))])
					res, err := tr.RoundTrip(r)
					if err != nil || res.StatusCode != 200 {
						b.Errorf("%v %v", res, err)
						return
					}
					io.Copy(io.Discard, res.Body)
					res.Body.Close()
				}
			})
		})
	}
}

// processorTime is that of the whole process, client and upstream included: unlike the clock it does not count what
// else the machine does.
func processorTime() int64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return 0
	}
	return u.Utime.Nano() + u.Stime.Nano()
}
