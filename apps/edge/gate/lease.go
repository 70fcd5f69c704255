package gate

import (
	"context"
	"sync"
	"time"

	"argos/edge/requests"
)

// lease ends an open request with its credential: a stream or a WebSocket may outlast a session. At the
// end that was told the panel is asked once more, as somebody who is about has their session prolonged.
type lease struct {
	keeper *keeper
	rec    *requests.Record
	asker  asker

	mu    sync.Mutex
	timer *time.Timer
	over  bool
}

func (k *keeper) lease(rec *requests.Record, a asker, f *facts) *lease {
	l := &lease{keeper: k, rec: rec, asker: a}
	l.until(f.until)
	return l
}

func (l *lease) until(end time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if !l.over {
		l.timer = time.AfterFunc(time.Until(end), l.ask)
	}
}

// end is when the request is over by itself.
func (l *lease) end() {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.over = true
	l.timer.Stop()
}

// ask takes 5 s at most; no answer is a no.
func (l *lease) ask() {
	f, epoch, err := l.keeper.asked(context.Background(), l.asker, true)
	if err != nil || f == nil || !f.until.After(time.Now()) {
		l.rec.End()
		return
	}
	l.rec.Identify(&f.who)
	if l.keeper.evictions.since(epoch, &f.who) {
		l.rec.End()
		return
	}
	l.until(f.until)
}
