package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"

	"github.com/caddyserver/caddy/v2"

	"argos/edge/live"
)

// whole is the body of POST /load and what `argos-edge validate` reads.
type whole struct {
	// The configuration without hosts, pools and generation. Its hash is that of these exact bytes.
	Base json.RawMessage `json:"base"`
	// Every host by id. Default: none.
	Hosts map[string]json.RawMessage `json:"hosts"`
	// Every pool by id. Default: none.
	Pools map[string]json.RawMessage `json:"pools"`
	// Number of the panel's last change that is in here.
	Generation int64 `json:"generation"`
	terms
}

// changed is the answer to a load or a swap.
type changed struct {
	// Of all that is served now.
	Etag string `json:"etag"`
	// Of the last change that got here.
	Generation int64 `json:"generation"`
	// By "host:<id>" or "pool:<id>"; what is named here kept what it had.
	Refused map[string]live.Refusal `json:"refused"`
}

// blank is what runs before the first base: nothing, and no admin endpoint.
const blank = `{"admin":{"disabled":true,"config":{"persist":false}}}`

func (w whole) check() error {
	if len(w.Base) == 0 || w.Base[0] != '{' {
		return errors.New("base: an object is wanted")
	}
	if err := checkIDs("host", w.Hosts); err != nil {
		return err
	}
	if err := checkIDs("pool", w.Pools); err != nil {
		return err
	}
	return w.terms.check()
}

// served is what the body asks for; objects that are as they were keep the generation that brought them.
func (w whole) served(before *served) *served {
	s := &served{base: w.Base, baseHash: hashOf(w.Base), generation: w.Generation, marks: before.marks}
	s.marks.Origin = w.Origin
	s.hosts = brought(host, w.Hosts, w.Generation, before.hosts)
	s.pools = brought(pool, w.Pools, w.Generation, before.pools)
	return s
}

func brought(kind string, raws map[string]json.RawMessage, generation int64, before *objects) *objects {
	out := newObjects(kind, nil)
	for id, raw := range raws {
		o := newObject(raw, generation)
		if old, ok := before.get(id); ok && old.hash == o.hash {
			o = old
		}
		out.put(id, o)
	}
	return out
}

// load makes a whole configuration live and saves it. With the base that runs already it is a swap of what differs, so
// it costs visitors nothing; an identical one changes nothing at all.
func (c *core) load(w whole, ifMatch string) (*changed, error) {
	if err := w.check(); err != nil {
		return nil, failure(http.StatusBadRequest, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	before := c.now.Load()
	if err := c.mayChange(before, ifMatch, false); err != nil {
		return nil, err
	}
	if err := w.mayHold(before); err != nil {
		return nil, err
	}
	if before == nil {
		before = nothing()
	} else if before.baseHash == hashOf(w.Base) {
		return c.change(before, w.differences(before))
	}
	next := w.served(before)
	refused, err := c.run(before, next)
	if err != nil {
		loadsRefused.Inc()
		return nil, failure(http.StatusBadRequest, err)
	}
	loadsDone.Inc()
	failures := c.failed()
	if w.Confirm != nil && len(refused) > 0 {
		return nil, c.undone(*w.Confirm, before, next, nil, refused, failures)
	}
	c.forgetAll(refused)
	return c.settle(w.terms, before, next, nil, refused, failures)
}

// differences is the swap that makes what is served what w asks for.
func (w whole) differences(before *served) change {
	d := change{Generation: w.Generation, terms: w.terms, Hosts: map[string]json.RawMessage{}, Pools: map[string]json.RawMessage{}}
	for id := range before.hosts.all() {
		d.Hosts[id] = nil
	}
	for id := range before.pools.all() {
		d.Pools[id] = nil
	}
	for id, raw := range w.Hosts {
		d.Hosts[id] = raw
	}
	for id, raw := range w.Pools {
		d.Pools[id] = raw
	}
	return d
}

// run loads next, publishes what of it went live, and says what was refused. When the base is refused, what ran before
// is loaded again: Caddy leaves the candidate's loggers and certificate cache options behind.
func (c *core) run(before, next *served) (map[string]live.Refusal, error) {
	composed, err := next.compose()
	if err != nil {
		return nil, err
	}
	if err = c.caddyLoad(composed, next); err != nil {
		err = c.insteadOfWaiting(composed, next, err)
	}
	if err != nil {
		return nil, c.healed(before, err)
	}
	if c.loaded == nil {
		return nil, c.healed(before, errors.New("the configuration runs no app argos"))
	}
	next.only(c.loaded.effective, before)
	c.now.Store(next.seal())
	return c.loaded.refused, nil
}

// caddyLoad runs what was composed of s. It turns a panic of a module into an error.
func (c *core) caddyLoad(composed []byte, s *served) (err error) {
	c.loaded, c.sent = nil, s
	defer func() {
		c.sent = nil
		if p := recover(); p != nil {
			err = fmt.Errorf("panic while loading: %v", p)
		}
	}()
	if err := caddy.Load(composed, true); err != nil {
		return errors.New(words(err))
	}
	return nil
}

// healed loads what ran before and returns the reason why.
func (c *core) healed(before *served, reason error) error {
	if err := c.heal(before); err != nil {
		return fmt.Errorf("%w; and what ran before could not be loaded again: %w", reason, err)
	}
	return reason
}

func (c *core) heal(before *served) error {
	composed := c.beforeFirst()
	if before.base != nil {
		var err error
		if composed, err = before.compose(); err != nil {
			return err
		}
	}
	return c.caddyLoad(composed, before)
}
