package control

import (
	"context"
	"fmt"
	"time"

	"argos/edge/state"
)

// again is how long a boot waits before it tries the saved state once more, when that did not load.
const again = 2 * time.Second

// Boot loads the newest saved state that loads. When there is one but none loads (a port is taken, say) it tries again
// until one does, the panel loads another, or ctx ends; the socket answers all the while.
func (s *Server) Boot(ctx context.Context) error {
	editions, errs := s.core.store.Editions()
	for {
		done, err := s.core.bootOnce(editions, errs)
		if done || err != nil || len(editions) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			return nil
		case <-time.After(again):
		}
	}
}

// bootOnce says whether something runs now. The error is one of the disk.
func (c *core) bootOnce(editions []*state.Edition, errs []error) (bool, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.now.Load() != nil || c.closing.Load() {
		return true, nil // the panel was faster
	}
	said := texts(errs)
	for _, edition := range editions {
		wanted := fromState(edition.Saved)
		etag := wanted.seal().etag
		refused, err := c.run(nothing(), wanted)
		if err != nil {
			said = append(said, err.Error())
			continue
		}
		c.forgetAll(refused)
		for name, refusal := range refused {
			said = append(said, fmt.Sprintf("%s: %s", name, refusal.Message))
		}
		from := "previous"
		if edition.Current() {
			from = "current"
		}
		err = c.adopt(edition, wanted, wanted.etag == etag)
		c.booted.Store(&boot{From: from, Errors: said}) // it is said when it is on disk
		return true, err
	}
	c.booted.Store(&boot{From: "nothing", Errors: said})
	if len(editions) == 0 {
		c.wait()
	}
	return false, nil
}

// adopt goes on with the edition when all of it is live. Else a new one is written, so that what is not served now is
// not served by surprise after the next start.
func (c *core) adopt(edition *state.Edition, now *served, complete bool) error {
	if edition.Current() && complete {
		return c.store.Continue(edition)
	}
	c.store.Prefer(edition)
	return c.save(now, nil)
}

func texts(errs []error) []string {
	var said []string
	for _, err := range errs {
		said = append(said, err.Error())
	}
	return said
}
