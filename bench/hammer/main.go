// Command hammer asks one host over kept TLS connections, as fast as it can or at a fixed rate, and prints what came of
// it as JSON. It writes prepared bytes and reads no more of an answer than its status and length, so that little of the
// machine is its own.
//
// At a fixed rate the time of an answer counts from when it was due, not from when it could be sent: a stall is seen.
// A line on standard input is a mark: answers of 200 to requests that were sent after it are counted apart.
package main

import (
	"bufio"
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

type headers []string

func (h *headers) String() string     { return strings.Join(*h, ", ") }
func (h *headers) Set(s string) error { *h = append(*h, s); return nil }

var (
	port        = flag.Int("port", 0, "port on loopback")
	name        = flag.String("name", "", "the host's name, for TLS and for Host")
	connections = flag.Int("connections", 32, "how many at once")
	duration    = flag.Duration("for", 3*time.Second, "how long")
	rate        = flag.Int("rate", 0, "requests a second over all connections; 0: as many as can be")
	lines       headers
)

// result is what is printed. Times are milliseconds.
type result struct {
	Requests  int            `json:"requests"`
	Errors    int            `json:"errors"`
	Statuses  map[string]int `json:"statuses"`
	PerSecond float64        `json:"perSecond"`
	P50       float64        `json:"p50"`
	P99       float64        `json:"p99"`
	// Sent after the mark, and answered with 200.
	AfterMark int `json:"afterMark"`
}

var marked atomic.Int64 // when, in nanoseconds; 0: not yet

func main() {
	flag.Var(&lines, "header", "one more line; several are sent in turns when they begin with a number and a bar, as in `0|Cookie: a`")
	flag.Parse()
	go func() {
		in := bufio.NewScanner(os.Stdin)
		for in.Scan() {
			marked.CompareAndSwap(0, time.Now().UnixNano())
		}
	}()
	workers := make([]*worker, *connections)
	begin := time.Now()
	var wg sync.WaitGroup
	for i := range workers {
		w := &worker{index: i, statuses: map[string]int{}, requests: prepared()}
		workers[i] = w
		wg.Go(func() { w.run(begin) })
	}
	wg.Wait()
	took := time.Since(begin)
	total := result{Statuses: map[string]int{}}
	var times []float64
	for _, w := range workers {
		total.Requests += len(w.times)
		total.Errors += w.errors
		total.AfterMark += w.afterMark
		for s, n := range w.statuses {
			total.Statuses[s] += n
		}
		times = append(times, w.times...)
	}
	slices.Sort(times)
	total.PerSecond = float64(total.Requests) / took.Seconds()
	total.P50, total.P99 = at(times, 0.5), at(times, 0.99)
	if err := json.NewEncoder(os.Stdout).Encode(total); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// prepared are the requests that take turns, by the number that their lines begin with.
func prepared() [][]byte {
	turns := 1
	for _, l := range lines {
		if n, _, ok := strings.Cut(l, "|"); ok {
			turns = max(turns, int(n[0]-'0')+1)
		}
	}
	host := *name
	if *port != 443 {
		host = fmt.Sprintf("%s:%d", *name, *port)
	}
	all := make([][]byte, turns)
	for turn := range all {
		text := "GET / HTTP/1.1\r\nHost: " + host + "\r\n"
		for _, l := range lines {
			if n, rest, ok := strings.Cut(l, "|"); ok {
				if int(n[0]-'0') != turn {
					continue
				}
				l = rest
			}
			text += l + "\r\n"
		}
		all[turn] = []byte(text + "\r\n")
	}
	return all
}

type worker struct {
	index     int
	requests  [][]byte
	times     []float64
	errors    int
	afterMark int
	statuses  map[string]int
	conn      net.Conn
	in        *bufio.Reader
}

func (w *worker) run(begin time.Time) {
	defer func() {
		if w.conn != nil {
			_ = w.conn.Close()
		}
	}()
	end := begin.Add(*duration)
	var every time.Duration
	due := begin
	if *rate > 0 {
		every = time.Duration(float64(time.Second) * float64(*connections) / float64(*rate))
		due = begin.Add(every * time.Duration(w.index) / time.Duration(*connections))
	}
	for n := 0; ; n++ {
		if every > 0 {
			time.Sleep(time.Until(due))
		} else {
			due = time.Now()
		}
		if !time.Now().Before(end) {
			return
		}
		sent := time.Now()
		status, err := w.ask(w.requests[n%len(w.requests)])
		if err != nil {
			w.errors++
			w.conn = nil
		} else {
			w.statuses[status]++
			w.times = append(w.times, float64(time.Since(due))/float64(time.Millisecond))
			if m := marked.Load(); status == "200" && m != 0 && sent.UnixNano() > m {
				w.afterMark++
			}
		}
		due = due.Add(every)
	}
}

// ask sends one request and returns its answer's status.
func (w *worker) ask(request []byte) (string, error) {
	if w.conn == nil {
		config := &tls.Config{ServerName: *name, InsecureSkipVerify: true, NextProtos: []string{"http/1.1"}} //nolint:gosec // a test authority's
		conn, err := tls.Dial("tcp", fmt.Sprintf("127.0.0.1:%d", *port), config)
		if err != nil {
			return "", err
		}
		w.conn, w.in = conn, bufio.NewReader(conn)
	}
	if _, err := w.conn.Write(request); err != nil {
		return "", err
	}
	res, err := http.ReadResponse(w.in, nil)
	if err != nil {
		return "", err
	}
	_, err = io.Copy(io.Discard, res.Body)
	if err == nil && res.Close {
		_ = w.conn.Close()
		w.conn = nil
	}
	return fmt.Sprint(res.StatusCode), err
}

func at(sorted []float64, q float64) float64 {
	if len(sorted) == 0 {
		return 0
	}
	return sorted[int(float64(len(sorted)-1)*q)]
}
