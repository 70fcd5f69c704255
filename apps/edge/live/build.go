package live

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"sync/atomic"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

// poolModule takes {"id": …, "pool": …}; see package pools.
const poolModule = "argos.pool"

var serial atomic.Uint64

// buildHost provisions a host's handlers. havePool tells which pools it may name.
func buildHost(ctx caddy.Context, id string, raw json.RawMessage, havePool func(string) bool) (h *Host, err error) {
	f, err := parseFragment(raw)
	if err != nil {
		return nil, err
	}
	mods := newModules(ctx)
	defer mods.guard(&err)

	h = &Host{ID: id, Names: f.Names, Off: f.Off, TLS: f.TLS, Serial: serial.Add(1), raw: raw}
	handlers := make([]caddyhttp.MiddlewareHandler, 0, len(f.Handle))
	for i, one := range f.Handle {
		field := fmt.Sprintf("handle[%d]", i)
		name, config, err := handlerOf(one)
		if err != nil {
			return nil, refuse(field, "%v", err)
		}
		if !slices.Contains(allowedHandlers, name) {
			return nil, refuse(field, "the handler %s is not allowed in a host", name)
		}
		if (name == gateHandler) != (i == 0) {
			return nil, refuse(field, "the gate stands first, and once")
		}
		if err := checkPlaceholders(config); err != nil {
			return nil, refuse(field, "%v", err)
		}
		switch name {
		case gateHandler:
			h.policy = config
		case poolHandler:
			var ref struct {
				Pool string `json:"pool"`
			}
			if err := json.Unmarshal(config, &ref); err != nil {
				return nil, refuse(field, "%v", err)
			}
			if !havePool(ref.Pool) {
				return nil, refuse(field+".pool", "there is no pool %s", ref.Pool)
			}
			h.pools = append(h.pools, ref.Pool)
		}
		handler, err := as[caddyhttp.MiddlewareHandler](mods.load("http.handlers."+name, config))
		if err != nil {
			return nil, moduleRefusal(field, err)
		}
		handlers = append(handlers, handler)
	}
	h.chain = chain(handlers)
	h.refs.Store(1)
	h.end = mods.close
	return h, nil
}

func buildPool(ctx caddy.Context, id string, raw json.RawMessage) (p *Pool, err error) {
	mods := newModules(ctx)
	defer mods.guard(&err)
	wrapped, err := json.Marshal(struct {
		ID   string          `json:"id"`
		Pool json.RawMessage `json:"pool"`
	}{id, raw})
	if err != nil {
		return nil, refuse("", "not a pool: %v", err)
	}
	handler, err := as[PoolHandler](mods.load(poolModule, wrapped))
	if err != nil {
		return nil, moduleRefusal("", err)
	}
	p = &Pool{ID: id, raw: raw, handler: handler}
	p.refs.Store(1)
	p.end = mods.close
	return p, nil
}

// chain links the handlers once, so that a request compiles nothing.
func chain(handlers []caddyhttp.MiddlewareHandler) caddyhttp.Handler {
	next := endOfChain
	for _, h := range slices.Backward(handlers) {
		after := next
		next = caddyhttp.HandlerFunc(func(w http.ResponseWriter, r *http.Request) error {
			return h.ServeHTTP(w, r, after)
		})
	}
	return next
}

var prefix = regexp.MustCompile(`^(?:provision [a-z0-9_.]+: |decoding module config: [a-z0-9_.]+: |loading [a-z ]*module '[^']*': |[a-z0-9_.]+: invalid configuration: |json: )+`)

// Our modules say `field: words`; Caddy passes errors on as text, so the field is read from it.
var fieldPrefix = regexp.MustCompile(`^([a-z_]+(?:\[\d+\])?(?:\.[a-z_]+)*): (.+)$`)

func moduleRefusal(at string, err error) error {
	words := plain(err)
	if m := fieldPrefix.FindStringSubmatch(words); m != nil {
		if at != "" {
			at += "."
		}
		at, words = at+m[1], m[2]
	}
	return refuse(at, "%s", words)
}

// plain strips what Caddy puts before the words that matter to people.
func plain(err error) string { return prefix.ReplaceAllString(err.Error(), "") }

func refusalOf(err error) Refusal {
	if r, ok := errors.AsType[*refused](err); ok {
		return Refusal(*r)
	}
	return Refusal{Message: plain(err)}
}
