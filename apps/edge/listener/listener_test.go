package listener

import (
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
)

// free is an address nobody listens on.
func free(t *testing.T) (host, port string) {
	t.Helper()
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	host, port, _ = net.SplitHostPort(ln.Addr().String())
	return host, port
}

func open(t *testing.T, host, port string) net.Listener {
	t.Helper()
	ln, err := listen(t.Context(), Network, host, port, 0, net.ListenConfig{})
	if err != nil {
		t.Fatal(err)
	}
	return ln.(net.Listener)
}

// serve answers every request with the name and returns how to end it.
func serve(ln net.Listener, name string) (end func()) {
	s := &http.Server{Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, name) })}
	go func() { _ = s.Serve(ln) }()
	return func() { _ = s.Close() }
}

func ask(t *testing.T, address string) string {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Get("http://" + address)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	return string(body)
}

func TestTheNewestDoorGetsConnectionsAndTheOneBeforeGetsThemBack(t *testing.T) {
	host, port := free(t)
	address := net.JoinHostPort(host, port)
	endFirst := serve(open(t, host, port), "first")
	if got := ask(t, address); got != "first" {
		t.Errorf("one door: %q", got)
	}
	endSecond := serve(open(t, host, port), "second")
	for range 20 {
		if got := ask(t, address); got != "second" {
			t.Fatalf("two doors: %q", got)
		}
	}
	endSecond() // as a configuration that is refused after all
	for range 20 {
		if got := ask(t, address); got != "first" {
			t.Fatalf("back to one: %q", got)
		}
	}
	endFirst()
	if conn, err := net.Dial("tcp", address); err == nil {
		conn.Close()
		t.Error("the last door is closed, and the socket is not")
	}
	for _, a := range Addresses() {
		if strings.HasSuffix(a, address) {
			t.Errorf("%s is still listed", a)
		}
	}
}

func TestAConnectionWaitsInTheQueueUntilADoorTakesIt(t *testing.T) {
	host, port := free(t)
	address := net.JoinHostPort(host, port)
	door := open(t, host, port)
	conn, err := net.Dial("tcp", address)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	later := open(t, host, port)
	if err := door.Close(); err != nil {
		t.Fatal(err)
	}
	taken, err := later.Accept()
	if err != nil || taken.RemoteAddr().String() != conn.LocalAddr().String() {
		t.Fatalf("%v %v", taken, err)
	}
	taken.Close()
	if _, err := door.Accept(); !errors.Is(err, net.ErrClosed) {
		t.Errorf("a closed door: %v", err)
	}
	if err := errors.Join(door.Close(), later.Close(), later.Close()); err != nil {
		t.Errorf("closing twice: %v", err)
	}
}

func TestAnAddressThatIsTakenIsRefused(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	host, port, _ := net.SplitHostPort(taken.Addr().String())
	if _, err := listen(t.Context(), Network, host, port, 0, net.ListenConfig{}); err == nil || !strings.Contains(err.Error(), "address already in use") {
		t.Errorf("got %v", err)
	}
	if _, err := listen(t.Context(), Network, host, "80-90", 0, net.ListenConfig{}); err == nil {
		t.Error("a range of ports is taken")
	}
}
