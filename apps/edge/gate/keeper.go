package gate

import (
	"context"
	"encoding/json"
	"fmt"
	"net/netip"
	"sync"
	"time"

	"argos/edge/requests"
)

// keeper asks the panel and remembers; there is one in the process.
type keeper struct {
	store     *store
	evictions evictions
	shares    shares

	mu      sync.Mutex
	flights map[key]*flight
}

var process = newKeeper(maxFacts)

func newKeeper(most int) *keeper { return &keeper{store: newStore(most), flights: map[key]*flight{}} }

// flight is one question on its way. Whoever has the same one meanwhile waits for its answer.
type flight struct {
	done  chan struct{}
	epoch uint64 // before it was asked
	facts *facts
	err   error
}

// asker is who shows a credential, and where.
type asker struct {
	key    key
	name   string
	client netip.Addr
}

// question is its body.
type question struct {
	Credential string `json:"credential"`
	Kind       string `json:"kind"`
	Host       string `json:"host"`
	Name       string `json:"name"`
	Client     string `json:"client"`
	User       string `json:"user,omitempty"`
}

// rounds is how often somebody is asked for anew who is evicted while the answer is on its way.
const rounds = 5

// who says whom a credential stands for: nil for nobody. The record has the identity when it returns, and
// no eviction has been missed since the facts were asked for: either it found the record by it, or it is seen here.
func (k *keeper) who(ctx context.Context, rec *requests.Record, a asker, now time.Time, keep bool) (*facts, error) {
	for range rounds {
		epoch := k.evictions.epoch.Load()
		var f *facts
		if keep {
			f = k.store.get(&a.key, now)
		}
		rec.FactsKept = f != nil
		if f == nil {
			var err error
			if f, epoch, err = k.asked(ctx, a, keep); f == nil {
				rec.Identify(nil)
				return nil, err
			}
		} else {
			counters.kept.Inc()
		}
		rec.Identify(&f.who)
		if !k.evictions.since(epoch, &f.who) {
			return f, ctx.Err() // it may have been cancelled while it waited
		}
	}
	rec.Identify(nil)
	return nil, fmt.Errorf("%w: evicted %d times meanwhile", errAway, rounds)
}

// asked waits for an answer: one at a time for each credential, unless each is to be asked for.
func (k *keeper) asked(ctx context.Context, a asker, keep bool) (*facts, uint64, error) {
	epoch := k.evictions.epoch.Load()
	if !keep {
		f, err := k.question(ctx, a)
		return f, epoch, err
	}
	k.mu.Lock()
	fl := k.flights[a.key]
	if fl == nil || fl.epoch != epoch { // one from before an eviction has the old answer
		fl = &flight{done: make(chan struct{}), epoch: epoch}
		k.flights[a.key] = fl
		go k.fly(fl, a)
	}
	k.mu.Unlock()
	select {
	case <-fl.done:
		return fl.facts, fl.epoch, fl.err
	case <-ctx.Done():
		return nil, epoch, context.Cause(ctx)
	}
}

// fly ends after 5 s at the latest; it is nobody's request's, as many may wait for it.
func (k *keeper) fly(fl *flight, a asker) {
	defer func() {
		k.mu.Lock()
		if k.flights[a.key] == fl {
			delete(k.flights, a.key)
		}
		k.mu.Unlock()
		close(fl.done)
	}()
	fl.err = errAway // unless it comes back
	fl.facts, fl.err = k.question(context.Background(), a)
	if f := fl.facts; f != nil {
		k.store.put(a.key, f, func() bool { return k.evictions.since(fl.epoch, &f.who) })
	}
}

// question asks the panel.
func (k *keeper) question(ctx context.Context, a asker) (*facts, error) {
	q := question{Credential: a.key.hex(), Kind: a.key.by, Host: a.key.host, Name: a.name, User: a.key.user}
	if a.client.IsValid() {
		q.Client = a.client.String()
	}
	ctx, cancel := context.WithTimeout(ctx, inAll)
	defer cancel()
	give, err := k.shares.take(ctx, a.client)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errAway, err)
	}
	defer give()
	asked := time.Now()
	var said struct {
		Facts json.RawMessage `json:"facts"`
	}
	err = ask(ctx, "/facts", q, &said, 2)
	f, err := read(said.Facts, err, a.key, asked)
	counters.outcome(f, err)
	return f, err
}

func read(raw json.RawMessage, err error, k key, asked time.Time) (*facts, error) {
	switch {
	case err != nil:
		return nil, err
	case string(raw) == "null":
		return nil, nil
	}
	var s said
	if err := json.Unmarshal(raw, &s); err != nil {
		return nil, fmt.Errorf("%w: %w", errAway, err)
	}
	now := time.Now()
	f, err := s.read(k, asked, now)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errAway, err)
	}
	if !f.until.After(now) {
		return nil, nil // it has ended meanwhile (FA-21)
	}
	return f, nil
}
