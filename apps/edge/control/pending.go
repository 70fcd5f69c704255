package control

import (
	"strings"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"

	"argos/edge/state"
)

// pending is a change that is live and not saved. It belongs to the process, not to a configuration, so no load ends it;
// a process that ends forgets it, and the next one boots what was saved. Never changed once it is published.
type pending struct {
	id           string
	deadline     time.Time // monotonic
	within       time.Duration
	timer        *time.Timer
	before, next *served
	edit         *state.Edit       // nil after a load, or when nothing differed
	failures     map[string]string // as they were before
	reason       string            // why it goes back, once it does
	problem      string            // why it could not go back yet
}

type pendingView struct {
	ID         string    `json:"id"`
	Generation int64     `json:"generation"`
	Deadline   time.Time `json:"deadline"`
	// Milliseconds; 0 when it is over, and going back.
	RemainingMS int64   `json:"remaining_ms"`
	WithinS     float64 `json:"within_s"`
	// Why it could not go back yet; it is tried again and again.
	Problem string `json:"problem,omitempty"`
}

func (p *pending) view() *pendingView {
	v := &pendingView{
		ID: p.id, Generation: p.next.generation, Deadline: p.deadline.UTC().Round(time.Millisecond),
		RemainingMS: max(0, time.Until(p.deadline).Milliseconds()), WithinS: p.within.Seconds(), Problem: p.problem,
	}
	if p.problem != "" {
		v.RemainingMS = 0 // what is left is the time to the next try
	}
	return v
}

// reverted is a change that went back.
type reverted struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	// timeout, asked, or "refused: …" of one that could not be undone at once.
	Reason string `json:"reason"`
}

// Why a change goes back.
const (
	timeout = "timeout"
	asked   = "asked"
	unwhole = "refused"
)

// retry is how long something that must succeed in the end waits for its next try.
const retry = 2 * time.Second

// firm is what is kept: what is served, without the change that waits.
func (c *core) firm(p *pending) *served {
	if p != nil {
		return p.before
	}
	return c.now.Load()
}

// hold keeps a change that is live for a limited time. It is called under mu.
func (c *core) hold(on confirm, before, next *served, edit *state.Edit, failures map[string]string) {
	p := &pending{id: on.ID, within: on.within(), before: before, next: next, edit: edit, failures: failures, reason: timeout}
	c.wake(p, p.within)
	waiting.Set(1)
}

// wake publishes the change with a new deadline.
func (c *core) wake(p *pending, in time.Duration) {
	p.deadline = time.Now().Add(in)
	p.timer = time.AfterFunc(in, func() {
		c.mu.Lock()
		defer c.mu.Unlock()
		if c.pending.Load() == p && !c.closing.Load() { // else it was decided, put off, or ends with the process
			_ = c.goBack(p, p.reason) // said in info, and tried again
		}
	})
	c.pending.Store(p)
}

// goBack makes live what was before the change, under mu. When that fails it is tried again: an unconfirmed change does
// not stay.
func (c *core) goBack(p *pending, reason string) error {
	if err := c.back(p.next, p.before, p.edit); err != nil {
		again := *p
		again.next, again.reason, again.problem = c.now.Load(), reason, err.Error()
		caddy.Log().Error("an unconfirmed change could not go back yet", zap.String("change", p.id), zap.Error(err))
		c.wake(&again, retry)
		return err
	}
	c.recall(p.failures)
	outcome, _, _ := strings.Cut(reason, ":")
	c.over(p, outcome)
	c.ended.Store(&reverted{ID: p.id, At: time.Now().UTC().Round(time.Millisecond), Reason: reason})
	if c.unsaved.Load() { // a confirmation that failed on the disk may have left something there
		return c.resave()
	}
	return nil
}

// over ends the waiting, under mu.
func (c *core) over(p *pending, outcome string) {
	p.timer.Stop()
	c.pending.Store(nil)
	waiting.Set(0)
	confirms.WithLabelValues(outcome).Inc()
}

// resave saves what is kept, under mu, and tries until it is on disk: what stands there may be something that was not
// confirmed.
func (c *core) resave() error {
	err := c.save(c.firm(c.pending.Load()), nil)
	if err != nil {
		caddy.Log().Error("what was before an unconfirmed change could not be saved yet", zap.Error(err))
		time.AfterFunc(retry, func() {
			c.mu.Lock()
			defer c.mu.Unlock()
			if c.unsaved.Load() && !c.closing.Load() { // else another save came before
				_ = c.resave() // said in info, and tried again
			}
		})
	}
	return err
}
