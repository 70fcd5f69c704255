package gate

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"mime"
	"net"
	"net/http"
	"sync/atomic"
	"time"
)

// How long the panel may take.
const (
	aTry    = 3 * time.Second
	inAll   = 5 * time.Second
	again   = 250 * time.Millisecond // until the second try of a panel that does not listen
	largest = 256 << 10
	atOnce  = 64 // questions
)

// errAway: nobody answers, or what is said is no answer.
var errAway = errors.New("the panel does not answer")

// throttled: the panel has been asked too often by one who guesses.
type throttled struct{ seconds int }

func (throttled) Error() string { return "too many attempts" }

// line is the way to the panel; one for each socket that is configured.
type line struct {
	socket    string
	transport *http.Transport
}

var currentLine atomic.Pointer[line]

func lineTo(socket string) *line {
	old := currentLine.Load()
	if old != nil && old.socket == socket {
		return old
	}
	l := &line{socket: socket, transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
		DisableCompression:     true,
		IdleConnTimeout:        30 * time.Second,
		MaxIdleConnsPerHost:    atOnce,
		MaxConnsPerHost:        atOnce,
		MaxResponseHeaderBytes: 16 << 10,
	}}
	if !currentLine.CompareAndSwap(old, l) {
		return lineTo(socket)
	}
	if old != nil {
		old.transport.CloseIdleConnections()
	}
	return l
}

// ask posts a question. Questions that change nothing are put twice, the whole takes 5 s at most.
func ask(ctx context.Context, path string, question, answer any, tries int) error {
	socket := current().Socket
	if socket == "" {
		return fmt.Errorf("%w: no socket is configured", errAway)
	}
	body, err := json.Marshal(question)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, inAll)
	defer cancel()
	l := lineTo(socket)
	for n := 1; ; n++ {
		err = l.try(ctx, path, body, answer)
		if err == nil || n == tries || ctx.Err() != nil || errors.As(err, new(throttled)) {
			return err
		}
		select {
		case <-time.After(again):
		case <-ctx.Done():
			return err
		}
	}
}

func (l *line) try(ctx context.Context, path string, body []byte, answer any) error {
	ctx, cancel := context.WithTimeout(ctx, aTry)
	defer cancel()
	r, err := http.NewRequestWithContext(ctx, http.MethodPost, "http://panel"+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	res, err := l.transport.RoundTrip(r) // redirects are no answer
	if err != nil {
		return fmt.Errorf("%w: %w", errAway, err)
	}
	defer res.Body.Close()
	if res.StatusCode == http.StatusSwitchingProtocols {
		return fmt.Errorf("%w: it says %d", errAway, res.StatusCode)
	}
	raw, err := io.ReadAll(io.LimitReader(res.Body, largest+1))
	if err != nil || len(raw) > largest {
		return fmt.Errorf("%w: half an answer", errAway)
	}
	kind, _, _ := mime.ParseMediaType(res.Header.Get("Content-Type"))
	switch {
	case res.StatusCode == http.StatusNoContent && answer == nil:
		return nil
	case kind != "application/json":
	case res.StatusCode == http.StatusTooManyRequests:
		var t struct {
			After int `json:"retry_after_s"`
		}
		if json.Unmarshal(raw, &t) == nil && t.After > 0 {
			return throttled{min(t.After, 24*3600)}
		}
	case res.StatusCode == http.StatusOK && answer != nil:
		if err := json.Unmarshal(raw, answer); err != nil {
			return fmt.Errorf("%w: %w", errAway, err)
		}
		return nil
	}
	return fmt.Errorf("%w: it says %d", errAway, res.StatusCode)
}
