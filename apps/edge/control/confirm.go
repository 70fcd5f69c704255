package control

import (
	"errors"
	"net/http"
	"regexp"
	"time"

	"argos/edge/live"
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

// mayHold is asked under mu: there must be something to go back to, and a word about the change must not mean another.
func (t terms) mayHold(before *served) error {
	switch {
	case t.Confirm == nil:
		return nil
	case before == nil:
		return failure(http.StatusConflict, errNoBack)
	case before.marks.Confirmed == t.Confirm.ID:
		return failure(http.StatusConflict, errUsedUp)
	}
	return nil
}

func (c confirm) check() error {
	if c.WithinS < 1 || c.WithinS > 600 {
		return errors.New("within_s: 1 to 600 seconds are possible")
	}
	return nil
}

func (c confirm) within() time.Duration { return time.Duration(c.WithinS * float64(time.Second)) }

// confirm saves the change that waits. Asked again about the last one, it says yes again, whatever waits by then.
func (c *core) confirm(id string) (*changed, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	p := c.pending.Load()
	if firm := c.firm(p); firm != nil && id != "" && firm.marks.Confirmed == id && (p == nil || p.id != id) {
		return firm.answered(), nil
	}
	if err := c.mayDecide(p, id); err != nil {
		return nil, err
	}
	if p.problem != "" || time.Until(p.deadline) <= 0 {
		return nil, c.undecided(p, errOver)
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
	return kept.answered(), nil
}

// revert puts back what was before, now. Of one that could not go back yet it is another try.
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
	return p.before.answered(), nil
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
	if p.problem != "" || time.Until(p.deadline) <= 0 {
		return nil, c.undecided(p, errOver)
	}
	p.timer.Stop()
	longer := *p
	longer.within = by.within()
	c.wake(&longer, longer.within)
	return longer.view(), nil
}

func (c *core) mayDecide(p *pending, id string) error {
	if c.closing.Load() {
		return failure(http.StatusServiceUnavailable, errClosing)
	}
	if p == nil || p.id != id {
		return c.undecided(p, errNoWait)
	}
	return nil
}

// undecided tells, besides why, what waits and what was confirmed last: enough for whoever lost an answer.
func (c *core) undecided(p *pending, why error) error {
	r := &refusal{status: http.StatusConflict, err: why, confirmed: new(string)}
	if p != nil {
		r.pending = p.view()
	}
	if firm := c.firm(p); firm != nil {
		*r.confirmed = firm.marks.Confirmed
	}
	return r
}

func (s *served) answered() *changed {
	return &changed{Etag: s.etag, Generation: s.generation, Refused: map[string]live.Refusal{}}
}
