package dispatch_test

import (
	"bufio"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"
)

// With both lengths Go goes by the chunks and forwards those alone (RFC 9112, 6.3): what follows them is the
// connection's next request and judged as any other. All else is refused.
func TestNoRequestHidesInAnother(t *testing.T) {
	var mu sync.Mutex
	arrived := map[string]int{}
	up := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		arrived[r.URL.Path]++
		mu.Unlock()
		io.Copy(io.Discard, r.Body)
	}))
	defer up.Close()
	panel := aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, m{"paths": a{m{"prefix": "/public/", "kind": "public"}}})}, map[string]m{"p": aPool(up.Listener.Addr().String())})
	const hidden = "GET /hidden HTTP/1.1\r\nHost: a.test\r\n\r\n"
	size, chunk := fmt.Sprint(len(hidden)), fmt.Sprintf("%x\r\n%s\r\n0\r\n\r\n", len(hidden), hidden)
	for _, c := range []struct {
		name, head, body string
		want             []string
	}{
		{"CL.TE", "Content-Length: " + size + "\r\nTransfer-Encoding: chunked", "0\r\n\r\n" + hidden, []string{"200", "401"}},
		{"TE.CL", "Transfer-Encoding: chunked\r\nContent-Length: 4", chunk, []string{"200"}},
		{"TE xchunked", "Transfer-Encoding: xchunked", "0\r\n\r\n" + hidden, []string{"501"}},
		{"TE twice", "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity", "0\r\n\r\n" + hidden, []string{"501"}},
		{"TE of two", "Transfer-Encoding: chunked, identity", "0\r\n\r\n" + hidden, []string{"501"}},
		{"a space before it", "Transfer-Encoding : chunked", "0\r\n\r\n" + hidden, []string{"400"}},
		{"CL twice", "Content-Length: 0\r\nContent-Length: " + size, hidden, []string{"400"}},
		{"CL in one line", "Content-Length: 0, " + size, hidden, []string{"400"}},
		{"CL with a sign", "Content-Length: +" + size, hidden, []string{"400"}},
		{"a chunk that is off", "Transfer-Encoding: chunked", "0x0\r\n\r\n" + hidden, []string{"502"}},
	} {
		conn := dial(t, httpsPort, "a.test")
		fmt.Fprintf(conn, "POST /public/x HTTP/1.1\r\nHost: a.test\r\n%s\r\n\r\n%s", c.head, c.body)
		conn.SetReadDeadline(time.Now().Add(5 * time.Second))
		read := bufio.NewReader(conn)
		for i, want := range c.want {
			res, err := http.ReadResponse(read, nil)
			if err != nil {
				t.Errorf("FA-15 %s: answer %d: %v", c.name, i, err)
				break
			}
			io.Copy(io.Discard, res.Body)
			if got := res.Status[:3]; got != want {
				t.Errorf("FA-15 %s: answer %d is %s, want %s", c.name, i, res.Status, want)
			}
		}
		conn.Close()
	}
	// Over HTTP/2 a length that is not the body's ends the stream.
	r, _ := http.NewRequest("POST", "https://a.test/public/x", strings.NewReader("four"))
	r.ContentLength = 2
	if res, err := client(t, true, "").Do(r); err == nil {
		defer res.Body.Close()
		t.Errorf("FA-15 HTTP/2: %d", res.StatusCode)
	}
	mu.Lock()
	defer mu.Unlock()
	if arrived["/hidden"] != 0 || panel.asked.Load() != 0 {
		t.Errorf("FA-15 arrived: %v, the panel was asked %d times", arrived, panel.asked.Load())
	}
}
