package control

import (
	"encoding/json"

	"github.com/caddyserver/caddy/v2"
	"go.uber.org/zap"
)

// wait serves the bootstrap, of an edge that has nothing saved, until the first base. It is nobody's state: the etag
// stays that of nothing, it is not saved, and it never keeps the panel's first base from its ports.
func (c *core) wait() {
	if c.bootstrap == nil {
		return
	}
	if err := c.caddyLoad(c.bootstrap, nothing()); err != nil {
		// A port is taken, say. The first base will tell the panel; until then there is just no page.
		caddy.Log().Warn("nothing answers visitors until the panel's first configuration", zap.Error(err))
		_ = c.caddyLoad([]byte(blank), nothing())
		return
	}
	c.waiting = true
}

// beforeFirst is what runs while there is no base.
func (c *core) beforeFirst() json.RawMessage {
	if c.waiting {
		return c.bootstrap
	}
	return json.RawMessage(blank)
}

// insteadOfWaiting loads a first base that was refused once more without the bootstrap, which may have stood in its way:
// on the same port under another address, say.
func (c *core) insteadOfWaiting(composed []byte, next *served, refused error) error {
	if !c.waiting || c.now.Load() != nil || c.caddyLoad([]byte(blank), nothing()) != nil {
		return refused
	}
	return c.caddyLoad(composed, next)
}
