package dispatch

import (
	"crypto/tls"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddytls"

	"argos/edge/live"
)

func init() { caddy.RegisterModule(new(Known)) }

// Known is the matcher `argos_known` of TLS handshakes: names of hosts that are on and have a certificate,
// and the panel's. With it on the only connection policy, a handshake for any other name fails as it would
// without a server behind the port.
type Known struct{}

// CaddyModule returns the module's information.
func (*Known) CaddyModule() caddy.ModuleInfo {
	return caddy.ModuleInfo{ID: "tls.handshake_match.argos_known", New: func() caddy.Module { return new(Known) }}
}

// Match is asked for each handshake.
func (*Known) Match(hello *tls.ClientHelloInfo) bool { return live.Known(canonical(hello.ServerName)) }

// Interface guards
var _ caddytls.ConnectionMatcher = (*Known)(nil)
