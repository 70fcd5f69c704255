package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"time"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"

	"argos/edge/live"
	"argos/edge/state"
)

// terms stand beside what a change wants.
type terms struct {
	// Who makes it, a word of the caller's. It is kept beside what is served, so that somebody else's change is seen.
	// Default: nobody.
	Origin string `json:"origin,omitempty"`
	// For a limited time: it is live, but goes back by itself, and is saved only once it is confirmed. What of it is
	// refused refuses all of it. Default: for good.
	Confirm *confirm `json:"confirm,omitempty"`
}

// confirm names a change and says how long it waits.
type confirm struct {
	ID string `json:"id"`
	// Seconds, 1 to 600.
	WithinS float64 `json:"within_s"`
}

// named is the body of /argos/confirm and /argos/revert.
type named struct {
	ID string `json:"id"`
}

var wordPattern = regexp.MustCompile(`^[A-Za-z0-9_-]{1,64}$`)

func (t terms) check() error {
	if t.Origin != "" && !wordPattern.MatchString(t.Origin) {
		return errors.New("origin: a word of at most 64 letters, digits, _ and - is wanted")
	}
	if t.Confirm == nil {
		return nil
	}
	if !wordPattern.MatchString(t.Confirm.ID) {
		return errors.New("confirm.id: a word of at most 64 letters, digits, _ and - is wanted")
	}
	return t.Confirm.check()
}

func (c confirm) check() error {
	if c.WithinS < 1 || c.WithinS > 600 {
		return errors.New("within_s: 1 to 600 seconds are possible")
	}
	return nil
}

func (c confirm) within() time.Duration { return time.Duration(c.WithinS * float64(time.Second)) }

// pending is a change that is live and not saved. It belongs to the process, not to a configuration, so no load ends it;
// a process that ends forgets it, and the next one boots what was saved. Never changed once it is published.
type pending struct {
	id           string
	deadline     time.Time // monotonic
	within       time.Duration
	timer        *time.Timer
	before, next *served
	edit         *state.Edit // nil after a load, or when nothing differed
	problem      string      // why it could not go back yet
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
	return &pendingView{
		ID: p.id, Generation: p.next.generation, Deadline: p.deadline.UTC().Round(time.Millisecond),
		RemainingMS: max(0, time.Until(p.deadline).Milliseconds()), WithinS: p.within.Seconds(), Problem: p.problem,
	}
}

// reverted is a change that went back.
type reverted struct {
	ID string    `json:"id"`
	At time.Time `json:"at"`
	// timeout, or asked.
	Reason string `json:"reason"`
}

// Why a change goes back.
const (
	timeout = "timeout"
	asked   = "asked"
)

// retry is how long a change that could not go back waits for the next try.
const retry = 2 * time.Second

// hold keeps a change that is live for a limited time. It is called under mu.
func (c *core) hold(on confirm, before, next *served, edit *state.Edit) {
	p := &pending{id: on.ID, within: on.within(), before: before, next: next, edit: edit}
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
			_ = c.goBack(p, timeout) // said in info, and tried again
		}
	})
	c.pending.Store(p)
}

// confirm saves the change that waits. Asked again about the last one, it says yes again.
func (c *core) confirm(id string) (*changed, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pending.Load()
	now := c.now.Load()
	if p == nil && now != nil && id != "" && now.marks.Confirmed == id {
		return &changed{Etag: now.etag, Generation: now.generation, Refused: map[string]live.Refusal{}}, nil
	}
	if err := c.mayDecide(p, id); err != nil {
		return nil, err
	}
	kept := *p.next
	kept.marks.Confirmed = id
	edit := p.edit
	if edit != nil {
		marked := *edit
		marked.Marks = kept.marks
		edit = &marked
	}
	if err := c.save(&kept, edit); err != nil {
		// It goes on waiting: not saved is not kept.
		return nil, &refusal{status: http.StatusInternalServerError, err: err, etag: kept.etag}
	}
	c.now.Store(&kept)
	c.over(p, "confirmed")
	return &changed{Etag: kept.etag, Generation: kept.generation, Refused: map[string]live.Refusal{}}, nil
}

// revert puts back what was before, now.
func (c *core) revert(id string) (*changed, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pending.Load()
	if err := c.mayDecide(p, id); err != nil {
		return nil, err
	}
	p.timer.Stop()
	if err := c.goBack(p, asked); err != nil {
		return nil, failure(http.StatusInternalServerError, err)
	}
	return &changed{Etag: etagOf(c.now.Load()), Generation: p.before.generation, Refused: map[string]live.Refusal{}}, nil
}

// extend gives it so long from now on.
func (c *core) extend(by confirm) (*pendingView, error) {
	if err := by.check(); err != nil {
		return nil, failure(http.StatusBadRequest, err)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pending.Load()
	if err := c.mayDecide(p, by.ID); err != nil {
		return nil, err
	}
	p.timer.Stop()
	longer := *p
	c.wake(&longer, by.within())
	return longer.view(), nil
}

func (c *core) mayDecide(p *pending, id string) error {
	if c.closing.Load() {
		return failure(http.StatusServiceUnavailable, errClosing)
	}
	if p == nil || p.id != id {
		return failure(http.StatusConflict, errNoWait)
	}
	if p.problem != "" || time.Until(p.deadline) <= 0 {
		return failure(http.StatusConflict, errors.New("its time is over, it is going back"))
	}
	return nil
}

// goBack makes live what was before the change, under mu. When that fails it is tried again: an unconfirmed change does
// not stay.
func (c *core) goBack(p *pending, reason string) error {
	if err := c.back(p.next, p.before, p.edit); err != nil {
		again := *p
		again.next = c.now.Load()
		again.problem = err.Error()
		caddy.Log().Error("an unconfirmed change could not go back yet", zap.String("change", p.id), zap.Error(err))
		c.wake(&again, retry)
		return err
	}
	c.over(p, reason)
	c.ended.Store(&reverted{ID: p.id, At: time.Now().UTC().Round(time.Millisecond), Reason: reason})
	if c.unsaved.Load() { // a confirmation that failed on the disk may have left something there
		return c.save(p.before, nil)
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

// back makes before live again, of which next is a change: by a swap of what was edited, or by a load.
func (c *core) back(next, before *served, edit *state.Edit) error {
	if before.base == nil {
		if err := c.heal(before); err != nil {
			return err
		}
		c.now.Store(nil)
		return nil
	}
	if next.baseHash != before.baseHash {
		again := *before
		refused, err := c.run(next, &again)
		if err == nil {
			c.forgetAll(refused)
		}
		return err
	}
	if edit == nil {
		c.now.Store(before)
		return nil
	}
	_, _, refused := c.put(next, change{Hosts: asBefore(edit.Hosts, before.hosts), Pools: asBefore(edit.Pools, before.pools)})
	if len(refused) > 0 {
		return worded(refused)
	}
	c.now.Store(before) // with its generation and marks, which no swap brings
	return nil
}

// asBefore is what objects were before they were edited; null removes one that was not there.
func asBefore(edited map[string]*state.Object, before *objects) map[string]json.RawMessage {
	raws := make(map[string]json.RawMessage, len(edited))
	for id := range edited {
		old, _ := before.get(id)
		raws[id] = old.raw
	}
	return raws
}

// undone takes back a change of which something was refused, and says what.
func (c *core) undone(next, before *served, edit *state.Edit, refused map[string]live.Refusal) error {
	if err := c.back(next, before, edit); err != nil {
		return fmt.Errorf("%w; and what was before could not be put back: %w", notWhole(refused), err)
	}
	return notWhole(refused)
}

func notWhole(refused map[string]live.Refusal) error {
	return &refusal{status: http.StatusUnprocessableEntity, err: worded(refused), refused: refused}
}

// worded is the first of them by name.
func worded(refused map[string]live.Refusal) error {
	name := slices.Min(slices.Collect(maps.Keys(refused)))
	return fmt.Errorf("%s: %s", name, refused[name].Message)
}
