// Package requests knows every open request and can end it.
//
// It promises that a cancelled request is over at once where its handler listens to its context (event
// streams, HTTP/2, both sides of a WebSocket), and 250 ms later whatever it does: a client that does not
// read holds its handler in a write that no context wakes, so the connection or the stream is ended.
// It never ends the next request of a connection for the sake of the last one.
//
// The registry belongs to the process and outlives every configuration; it is as large as there are
// open requests.
package requests

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"
)

// ErrCancelled is the cause of a cancelled request's context.
var ErrCancelled = errors.New("the host was changed or removed, or the session has ended")

// hardAfter is the time a cancelled handler has to notice by itself.
const hardAfter = 250 * time.Millisecond

const shards = 32

type shard struct {
	sync.Mutex
	open map[*Record]struct{}
}

var registry [shards]shard

var (
	turn atomic.Uint32
	open atomic.Int64
)

func init() {
	for i := range registry {
		registry[i].open = map[*Record]struct{}{}
	}
}

// Open counts the open requests.
func Open() int { return int(open.Load()) }

// CancelAll ends every open request.
func CancelAll() int { return Cancel(func(*Record) bool { return true }) }

// Cancel ends every open request that matches and says how many there were. match may read what is set
// before Enter: ID, HostID, HostSerial, Name, Client; and Identity.
func Cancel(match func(*Record) bool) int {
	n := 0
	for i := range registry {
		s := &registry[i]
		var hit []*Record
		s.Lock()
		for r := range s.open {
			if match(r) {
				hit = append(hit, r)
			}
		}
		s.Unlock()
		for _, r := range hit {
			r.kill()
		}
		n += len(hit)
	}
	return n
}

// Enter puts the record into the registry and returns the request's context, which holds it.
// Leave must be called when the handler is done, also when it panics.
func (r *Record) Enter(parent context.Context) context.Context {
	ctx, cancel := context.WithCancelCause(parent)
	r.mu.Lock()
	r.cancel, r.done = cancel, false
	killed := r.killed
	r.mu.Unlock()

	r.shard = uint8(turn.Add(1) % shards)
	s := &registry[r.shard]
	s.Lock()
	s.open[r] = struct{}{}
	s.Unlock()
	open.Add(1)
	if killed { // cancelled in its first pass: the second one is not let off
		cancel(ErrCancelled)
		time.AfterFunc(hardAfter, r.hard)
	}
	return context.WithValue(ctx, key{}, r)
}

// Leave takes the record out. It is marked done first, or a hard end would hit the connection's next request.
func (r *Record) Leave() {
	r.mu.Lock()
	r.done = true
	cancel := r.cancel
	r.mu.Unlock()
	s := &registry[r.shard]
	s.Lock()
	delete(s.open, r)
	s.Unlock()
	open.Add(-1)
	cancel(nil)
}
