package control

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"

	"argos/edge/health"
	"argos/edge/live"
	"argos/edge/state"
)

// largest body: 5,000 hosts are some 5 MB.
const largest = 64 << 20

// Options of the one server of a process.
type Options struct {
	// Path of the unix socket. A dead one is replaced, one that answers is refused.
	Socket string
	// Folder of the saved state.
	StateDir string
	// Caddy's configuration until the first base, where nothing is saved. Default: nothing is served.
	Bootstrap json.RawMessage
	// Of this build, for info.
	Version string
}

// Server is the control socket. It lives as long as the process, whatever is loaded.
type Server struct {
	core     *core
	version  string
	socket   string
	http     *http.Server
	listener net.Listener
}

// Open opens the saved state and the socket, and answers on it at once. Nothing is served before Boot or a load.
func Open(o Options) (*Server, error) {
	v, _, err := cores.LoadOrNew(coreKey, func() (caddy.Destructor, error) { return newCore(), nil })
	if err != nil {
		return nil, err
	}
	s := &Server{core: v.(*core), version: o.Version, socket: o.Socket}
	s.core.bootstrap = o.Bootstrap
	if s.core.store, err = state.Open(o.StateDir); err != nil {
		return nil, err
	}
	if s.listener, err = listenUnix(o.Socket); err != nil {
		return nil, err
	}
	s.http = &http.Server{Handler: s.routes(), ReadHeaderTimeout: 5 * time.Second, IdleTimeout: 10 * time.Minute}
	go func() {
		if err := s.http.Serve(s.listener); !errors.Is(err, http.ErrServerClosed) {
			caddy.Log().Error("the control socket has closed", zap.Error(err))
		}
	}()
	return s, nil
}

// Refuse makes the server answer reads only, as the process is about to end.
func (s *Server) Refuse() { s.core.closing.Store(true) }

// Close ends it and removes the socket. It waits for nobody: what is not answered is not promised.
func (s *Server) Close() {
	s.Refuse()
	_ = s.http.Close()
	_ = os.Remove(s.socket)
}

// listenUnix makes the socket readable and writable for owner and group, at no moment for others.
func listenUnix(path string) (net.Listener, error) {
	if conn, err := net.DialTimeout("unix", path, time.Second); err == nil {
		return nil, errors.Join(fmt.Errorf("another edge answers on %s", path), conn.Close())
	}
	if err := os.Remove(path); err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, fmt.Errorf("opening the control socket: %w", err)
	}
	// Under a name nobody knows until its mode is right: bind follows the umask of the moment.
	beside := filepath.Join(filepath.Dir(path), fmt.Sprintf(".%s.%d", filepath.Base(path), os.Getpid()))
	_ = os.Remove(beside)
	ln, err := net.ListenUnix("unix", &net.UnixAddr{Name: beside, Net: "unix"})
	if err != nil {
		return nil, fmt.Errorf("opening the control socket: %w", err)
	}
	ln.SetUnlinkOnClose(false)
	if err := errors.Join(os.Chmod(beside, 0o660), os.Rename(beside, path)); err != nil {
		return nil, errors.Join(fmt.Errorf("opening the control socket: %w", err), ln.Close())
	}
	return ln, nil
}

func (s *Server) routes() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /argos/info", s.info)
	mux.HandleFunc("POST /argos/validate", func(w http.ResponseWriter, r *http.Request) {
		handle(w, r, func(set live.Set) (any, error) {
			refused, err := s.core.validate(set)
			return map[string]any{"refused": refused}, err
		})
	})
	mux.HandleFunc("POST /argos/swap", func(w http.ResponseWriter, r *http.Request) {
		handle(w, r, func(want change) (any, error) { return s.core.swap(want, ifMatch(r)) })
	})
	mux.HandleFunc("POST /load", func(w http.ResponseWriter, r *http.Request) {
		handle(w, r, func(want whole) (any, error) { return s.core.load(want, ifMatch(r)) })
	})
	mux.HandleFunc("POST /argos/confirm", func(w http.ResponseWriter, r *http.Request) {
		handle(w, r, func(which named) (any, error) { return s.core.confirm(which.ID) })
	})
	mux.HandleFunc("POST /argos/revert", func(w http.ResponseWriter, r *http.Request) {
		handle(w, r, func(which named) (any, error) { return s.core.revert(which.ID) })
	})
	mux.HandleFunc("POST /argos/extend", func(w http.ResponseWriter, r *http.Request) {
		handle(w, r, func(by confirm) (any, error) { return s.core.extend(by) })
	})
	mux.HandleFunc("POST /argos/evict", func(w http.ResponseWriter, r *http.Request) { handle(w, r, evict) })
	mux.HandleFunc("GET /config/{path...}", s.config)
	mux.HandleFunc("GET /argos/health", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"pools": health.Snapshot()})
	})
	mux.HandleFunc("GET /argos/certificates", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, http.StatusOK, map[string]any{"names": s.core.certificates.report()})
	})
	mux.HandleFunc("GET /metrics", s.core.metrics)
	return jsonErrors(mux)
}

// jsonErrors puts the mux's own 404 and 405 into the words of everything else here.
func jsonErrors(mux *http.ServeMux) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		h, pattern := mux.Handler(r)
		if pattern != "" {
			mux.ServeHTTP(w, r)
			return
		}
		probe := &statusOnly{header: w.Header()}
		h.ServeHTTP(probe, r)
		w.Header().Del("X-Content-Type-Options")
		answer(w, probe.status, problem{Error: strings.ToLower(http.StatusText(probe.status))})
	})
}

// statusOnly keeps status and headers (Allow) of an answer, not its body.
type statusOnly struct {
	header http.Header
	status int
}

func (s *statusOnly) Header() http.Header         { return s.header }
func (s *statusOnly) WriteHeader(status int)      { s.status = status }
func (s *statusOnly) Write(p []byte) (int, error) { return len(p), nil }

// handle reads a body, does what it asks, and answers 200 or a refusal.
func handle[T any](w http.ResponseWriter, r *http.Request, do func(T) (any, error)) {
	var want T
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, largest))
	if err == nil {
		decoder := json.NewDecoder(bytes.NewReader(body))
		decoder.DisallowUnknownFields()
		if err = decoder.Decode(&want); err == nil && decoder.More() {
			err = errors.New("one JSON object is wanted")
		}
	}
	if err != nil {
		refuse(w, failure(http.StatusBadRequest, fmt.Errorf("the body: %w", err)))
		return
	}
	said, err := do(want)
	if err != nil {
		refuse(w, err)
		return
	}
	if c, ok := said.(*changed); ok {
		w.Header().Set("ETag", quote(c.Etag))
	}
	answer(w, http.StatusOK, said)
}

// ifMatch is the etag of the header, without the quotes; "" when there is none.
func ifMatch(r *http.Request) string {
	return strings.Trim(strings.TrimPrefix(r.Header.Get("If-Match"), "W/"), `"`)
}

func answer(w http.ResponseWriter, status int, body any) {
	raw, err := marshal(body)
	if err != nil {
		status, raw = http.StatusInternalServerError, []byte(`{"error":"the answer could not be written as JSON"}`)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	_, _ = w.Write(append(raw, '\n')) // a caller who has gone is told nothing
}
