package dispatch_test

import (
	"context"
	"crypto/tls"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/quic-go/quic-go"
	"github.com/quic-go/quic-go/http3"

	"argos/edge/live"
	"argos/edge/requests"
)

func TestHTTP3IsServedAndCancelled(t *testing.T) {
	up := anUpstream(t)
	serve(t, map[string]m{"h_a": aHost("p", "a.test")}, map[string]m{"p": aPool(up.addr())})
	eventually(t, 5*time.Second, "nothing open from before", func() bool { return requests.Open() == 0 })
	tr := &http3.Transport{
		TLSClientConfig: &tls.Config{InsecureSkipVerify: true},
		Dial: func(ctx context.Context, _ string, t *tls.Config, q *quic.Config) (*quic.Conn, error) {
			return quic.DialAddrEarly(ctx, at(httpsPort), t, q)
		},
	}
	defer tr.Close()
	c := &http.Client{Transport: tr, Timeout: 10 * time.Second}

	res, err := c.Get("https://a.test/")
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	if res.StatusCode != 200 || res.ProtoMajor != 3 {
		t.Errorf("%d %s", res.StatusCode, res.Proto)
	}
	if _, err := c.Get("https://nobody.test/"); err == nil {
		t.Error("a name nobody has got a handshake")
	}

	for _, path := range []string{"/events", "/flood"} { // the second is not read
		res, err := c.Get("https://a.test" + path)
		if err != nil {
			t.Fatal(err)
		}
		if path == "/events" {
			go io.Copy(io.Discard, res.Body)
		}
		defer res.Body.Close()
	}
	eventually(t, 5*time.Second, "two streams", func() bool { return requests.Open() == 2 })
	live.Swap(caddy.ActiveContext(), live.Set{}, []string{"h_a"}, nil)
	eventually(t, time.Second, "no stream is open", func() bool { return requests.Open() == 0 && up.ended.Load() == 2 })
}
