package gate

import (
	"errors"
	"sync"
	"sync/atomic"

	"argos/edge/requests"
)

// Eviction names what is no longer so: exactly one of these.
type Eviction struct {
	// Of the panel, an app password or a guest link.
	Session string `json:"session,omitempty"`
	Person  string `json:"person,omitempty"`
	Host    string `json:"host,omitempty"`
	// Hex SHA-256.
	Credential string `json:"credential,omitempty"`
	// Everything.
	All bool `json:"all,omitempty"`
}

// Check refuses what names nothing, or more than one thing.
func (e Eviction) Check() error {
	n := 0
	for _, s := range [...]string{e.Session, e.Person, e.Host, e.Credential} {
		if s != "" {
			n++
		}
	}
	if e.All {
		n++
	}
	if n != 1 {
		return errors.New("exactly one of session, person, host, credential and all is wanted")
	}
	return nil
}

func (e Eviction) meets(who *requests.Identity) bool {
	return e.All ||
		e.Session != "" && e.Session == who.Session ||
		e.Person != "" && e.Person == who.Person ||
		e.Host != "" && e.Host == who.Host ||
		e.Credential != "" && e.Credential == who.Credential
}

// remembered is how far back a question can be checked; one asked before that counts as evicted. Each eviction is
// there twice.
const remembered = 512

// evictions are the last ones. The epoch counts them all.
type evictions struct {
	epoch atomic.Uint64
	sync.Mutex
	last [remembered]Eviction
}

// add comes before anything is dropped or cancelled.
func (l *evictions) add(e Eviction) {
	l.Lock()
	defer l.Unlock()
	n := l.epoch.Load()
	l.last[n%remembered] = e
	l.epoch.Store(n + 1)
}

// since tells whether somebody was evicted after an epoch.
func (l *evictions) since(epoch uint64, who *requests.Identity) bool {
	if l.epoch.Load() == epoch {
		return false
	}
	l.Lock()
	defer l.Unlock()
	now := l.epoch.Load()
	if now-epoch > remembered {
		return true
	}
	for n := epoch; n < now; n++ {
		if l.last[n%remembered].meets(who) {
			return true
		}
	}
	return false
}

// Evict makes the gate forget what it has learnt of these and ends their open requests. When it
// returns, none of them passes by what was learnt before; questions that are on their way included.
func Evict(e Eviction) (dropped, cancelled int) { return process.evict(e) }

func (k *keeper) evict(e Eviction) (dropped, cancelled int) {
	k.evictions.add(e)
	dropped = k.store.evict(func(f *facts) bool { return e.meets(&f.who) })
	// Once more: whoever found facts just before they were dropped may have read the epoch after the first.
	k.evictions.add(e)
	cancelled = requests.Cancel(func(r *requests.Record) bool {
		who := r.Identity()
		return who != nil && e.meets(who)
	})
	return dropped, cancelled
}
