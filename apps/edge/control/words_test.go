package control

import (
	"errors"
	"testing"
)

func TestWordsKeepWhatPeopleNeed(t *testing.T) {
	for in, want := range map[string]string{
		"loading new config: loading http app module: provision http: server https: setting up route handlers: route 0: loading handler modules: position 0: loading module 'nope': unknown module: http.handlers.nope": "server https: route 0: unknown module: http.handlers.nope",
		"loading new config: http app module: start: listening on tcp_argos/127.0.0.1:443: listen tcp 127.0.0.1:443: bind: address already in use":                                                                      "listening on 127.0.0.1:443: address already in use",
		"loading new config: http app module: start: listening on tcp_argos/:80: listen tcp :80: bind: permission denied":                                                                                               "listening on :80: permission denied",
		"loading new config: loading tls app module: provision tls: provisioning automation policy 0: loading TLS automation management module: position 0: loading module 'acme': provision tls.issuance.acme: no CA":  "provisioning automation policy 0: no CA",
		"loading http app module: decoding module config: http: json: unknown field \"nope\"":                                                                                                                           "json: unknown field \"nope\"",
		"loading new config: loading storage module: loading module 'x': unknown module: caddy.storage.x":                                                                                                               "unknown module: caddy.storage.x",
		"already short": "already short",
	} {
		if got := words(errors.New(in)); got != want {
			t.Errorf("%q\n becomes %q\n    want %q", in, got, want)
		}
	}
}
