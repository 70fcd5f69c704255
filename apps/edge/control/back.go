package control

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"

	"argos/edge/live"
	"argos/edge/state"
)

// back makes before live again, of which next is a change: by a swap of what was edited, or by a load. What of it could
// not go back is an error, and is what differs at the next try.
func (c *core) back(next, before *served, edit *state.Edit) error {
	var refused map[string]live.Refusal
	if next.baseHash != before.baseHash {
		again := *before
		var err error
		if refused, err = c.run(next, &again); err != nil {
			return err
		}
	} else {
		_, _, refused = c.put(next, wayBack(next, before, edit))
	}
	if len(refused) > 0 {
		return worded(refused)
	}
	if now := c.now.Load(); now.etag != before.etag {
		return errors.New("what is served is not what was before")
	}
	c.now.Store(before) // with its generation and marks, which neither brings
	return nil
}

// wayBack is the swap from next to before, which have the same base: of what was edited, or of all that differs.
func wayBack(next, before *served, edit *state.Edit) change {
	if edit == nil {
		return whole{Hosts: before.hosts.raws(), Pools: before.pools.raws()}.differences(next)
	}
	return change{Hosts: asBefore(edit.Hosts, before.hosts), Pools: asBefore(edit.Pools, before.pools)}
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

// undone takes back a change of which something was refused, and says what. When that fails the change is held as one
// that is going back, as it must not stay.
func (c *core) undone(
	on confirm, before, next *served, edit *state.Edit, refused map[string]live.Refusal, failures map[string]string,
) error {
	if err := c.back(next, before, edit); err != nil {
		p := &pending{id: on.ID, within: on.within(), before: before, next: c.now.Load(), edit: edit, failures: failures,
			reason: unwhole + ": " + worded(refused).Error(), problem: err.Error()}
		c.wake(p, retry)
		waiting.Set(1)
		return fmt.Errorf("%w; and what was before could not be put back yet: %w", notWhole(refused), err)
	}
	c.recall(failures)
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
