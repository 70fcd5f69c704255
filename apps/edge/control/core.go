package control

import (
	"encoding/json"
	"errors"
	"maps"
	"sync"
	"sync/atomic"

	"github.com/caddyserver/caddy/v2"

	"argos/edge/live"
	"argos/edge/state"
)

// cores holds the one core of the process under a constant key. Configurations come and go with a reference each;
// Open takes one for the life of the process.
var cores = caddy.NewUsagePool()

const coreKey = "argos.control"

// core is what is known across configurations. Everything that changes what is served happens under mu: Caddy's
// reverse_proxy writes package globals while it is provisioned, so even a validation beside a load is a data race.
type core struct {
	mu     sync.Mutex
	store  *state.Store // nil in a process that only validates
	loaded *outcome     // what the load in progress has come to
	sent   *served      // what the load in progress was composed of
	tried  *App         // the app that was provisioned last

	bootstrap json.RawMessage // served until the first base; nil for nothing
	waiting   bool            // it has been

	now     atomic.Pointer[served]  // nil until a base is loaded
	pending atomic.Pointer[pending] // set and cleared under mu; nil when no change waits
	ended   atomic.Pointer[reverted]
	unsaved atomic.Bool
	closing atomic.Bool
	booted  atomic.Pointer[boot]

	failedMu sync.Mutex
	failures map[string]string // by "host:<id>" or "pool:<id>": why its newest version is not live

	certificates *certificates
}

// exact returns the bytes of hosts and pools as they were sent while a load of ours runs: Caddy hands the app its own
// rendering of them, with sorted keys, whose hashes would be others. In a process without a socket, what Caddy handed.
func (c *core) exact(handed live.Set) live.Set {
	if c.sent == nil {
		return handed
	}
	return live.Set{Hosts: c.sent.hosts.raws(), Pools: c.sent.pools.raws()}
}

// outcome is what a configuration made live, and what of it was refused.
type outcome struct {
	effective live.Set
	refused   map[string]live.Refusal
}

func newCore() *core {
	return &core{failures: map[string]string{}, certificates: newCertificates()}
}

// Destruct is for caddy.UsagePool: without a socket and a store there is nothing to let go.
func (c *core) Destruct() error { return nil }

// provisioned and committed are called by the app while a load runs, so under mu.
func (c *core) provisioned(a *App) { c.tried = a }

func (c *core) committed(a *App, effective live.Set) {
	c.loaded = &outcome{effective: effective, refused: a.refused}
	c.certificates.begin(a)
}

// errNotSaved is told with what could not be written; what was asked for is live all the same.
var errNotSaved = errors.New("it is live, but could not be saved")

// save puts an edit on disk, or everything when there is nothing to add to.
func (c *core) save(next *served, edit *state.Edit) error {
	var err error
	if edit == nil || c.unsaved.Load() || c.store.Grown() {
		err = c.store.Write(next.saved())
	} else if err = c.store.Append(*edit); errors.Is(err, state.ErrNoEdition) {
		err = c.store.Write(next.saved())
	}
	c.unsaved.Store(err != nil)
	if err != nil {
		return errors.Join(errNotSaved, err)
	}
	return nil
}

// remember keeps what was refused, and forgets it for objects that are live in their newest version or gone.
func (c *core) remember(touched []string, refused map[string]live.Refusal) {
	c.failedMu.Lock()
	defer c.failedMu.Unlock()
	for _, name := range touched {
		delete(c.failures, name)
	}
	for name, refusal := range refused {
		c.failures[name] = refusal.Message
	}
}

// forgetAll starts the account anew, as a load does.
func (c *core) forgetAll(refused map[string]live.Refusal) {
	c.failedMu.Lock()
	clear(c.failures)
	c.failedMu.Unlock()
	c.remember(nil, refused)
}

// recall puts the account back to what failed said before.
func (c *core) recall(failures map[string]string) {
	c.failedMu.Lock()
	defer c.failedMu.Unlock()
	c.failures = maps.Clone(failures)
	if c.failures == nil {
		c.failures = map[string]string{}
	}
}

func (c *core) failed() map[string]string {
	c.failedMu.Lock()
	defer c.failedMu.Unlock()
	if len(c.failures) == 0 {
		return nil
	}
	return maps.Clone(c.failures)
}
