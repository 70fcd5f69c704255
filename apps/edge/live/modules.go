package live

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/caddyserver/caddy/v2"
)

// modules builds the modules of one entry and ends them together.
//
// caddy.NewContext would do, but each one carries a metrics registry of 15 kB and a quarter of a
// millisecond, which is most of what a host costs. So an entry has a cancellation of its own on its
// parent's Caddy context, and cleans its modules up itself; only modules that load modules in turn get
// a real child, as these are kept in the context that loaded them.
type modules struct {
	ctx     caddy.Context
	end     context.CancelFunc
	child   *caddy.Context // made when first needed
	cleanup []func()
}

// Handlers that load modules of their own (encoders, file systems).
var nesting = []string{"http.handlers.encode", "http.handlers.file_server"}

func newModules(parent caddy.Context) *modules {
	m := &modules{ctx: parent}
	m.ctx.Context, m.end = context.WithCancel(parent.Context)
	return m
}

// load is caddy.Context.LoadModuleByID, less the keeping and the long prefixes of its errors.
func (m *modules) load(id string, config json.RawMessage) (any, error) {
	if slices.Contains(nesting, id) {
		if m.child == nil {
			child, cancel := caddy.NewContext(m.ctx)
			m.child, m.cleanup = &child, append(m.cleanup, cancel)
		}
		return m.child.LoadModuleByID(id, config)
	}
	info, err := caddy.GetModule(id)
	if err != nil {
		return nil, err
	}
	v := info.New()
	if err := caddy.StrictUnmarshalJSON(config, v); err != nil {
		return nil, err
	}
	if c, ok := v.(caddy.CleanerUpper); ok { // also after a Provision that failed, as Caddy does
		m.cleanup = append(m.cleanup, func() { _ = c.Cleanup() })
	}
	if p, ok := v.(caddy.Provisioner); ok {
		if err := p.Provision(m.ctx); err != nil {
			return nil, err
		}
	}
	if c, ok := v.(caddy.Validator); ok {
		return v, c.Validate()
	}
	return v, nil
}

func (m *modules) close() {
	m.end()
	for _, c := range slices.Backward(m.cleanup) {
		c()
	}
}

// guard turns a panic of a module into a refusal and throws away what was provisioned of a refused entry.
func (m *modules) guard(err *error) {
	if p := recover(); p != nil {
		*err = refuse("", "panic while provisioning: %v", p)
	}
	if *err != nil {
		m.close()
	}
}

// as asserts what a module is; a module of another kind under the right name is a fault of the build.
func as[T any](v any, err error) (T, error) {
	if err != nil {
		var none T
		return none, err
	}
	t, ok := v.(T)
	if !ok {
		return t, fmt.Errorf("%T is not of the expected kind", v)
	}
	return t, nil
}
