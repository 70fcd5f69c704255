package live

import (
	"context"
	"sync"
	"time"
)

// firstTable is how long a request waits for the first table: an edge that starts listens some milliseconds before it
// knows its hosts, and would call them unknown.
const firstTable = 5 * time.Second

var first = struct {
	sync.Once
	there chan struct{}
}{there: make(chan struct{})}

func haveTable() { first.Do(func() { close(first.there) }) }

// Await returns once there is, or has been, a table of hosts and the settings that came with it.
func Await(ctx context.Context) {
	select {
	case <-first.there:
		return
	default:
	}
	late := time.NewTimer(firstTable)
	defer late.Stop()
	select {
	case <-first.there:
	case <-late.C:
	case <-ctx.Done():
	}
}
