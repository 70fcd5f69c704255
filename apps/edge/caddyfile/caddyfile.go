// Package caddyfile reads the bootstrap Caddyfile: what an edge that has nothing saved serves until the panel's first
// configuration arrives (Caddyfile.template).
//
// It adds to Caddy's own Caddyfile the global option `argos`, whose `control` names the control socket, and the
// directive `argos_waiting`, the page for visitors who come too early. It promises that whatever the file says, no admin
// endpoint is opened and nothing is saved by Caddy.
package caddyfile

import (
	"encoding/json"
	"fmt"
	"os"

	"github.com/caddyserver/caddy/v2/caddyconfig"
	"github.com/caddyserver/caddy/v2/caddyconfig/caddyfile"
	"github.com/caddyserver/caddy/v2/caddyconfig/httpcaddyfile"
)

func init() {
	httpcaddyfile.RegisterGlobalOption("argos", parseOption)
	httpcaddyfile.RegisterHandlerDirective("argos_waiting", parseWaiting)
	httpcaddyfile.RegisterDirectiveOrder("argos_waiting", httpcaddyfile.Before, "respond")
}

// Bootstrap is what a file says.
type Bootstrap struct {
	// Caddy's configuration.
	Config json.RawMessage
	// Path of the control socket; empty when the file names none.
	Control string
}

// option is what the block `argos` becomes: a part of the app's configuration.
type option struct {
	Control string `json:"control,omitempty"`
}

// parseOption reads
//
//	argos {
//	    control <path of the socket>
//	}
func parseOption(d *caddyfile.Dispenser, existing any) (any, error) {
	if existing != nil {
		return nil, d.Err("argos is there twice")
	}
	var o option
	for d.Next() {
		if d.NextArg() {
			return nil, d.ArgErr()
		}
		for d.NextBlock(0) {
			switch d.Val() {
			case "control":
				if o.Control != "" {
					return nil, d.Err("control is there twice")
				}
				if !d.AllArgs(&o.Control) {
					return nil, d.Err("control takes the path of the socket")
				}
			default:
				return nil, d.Errf("unknown: %s; control is what argos has", d.Val())
			}
		}
	}
	raw, err := json.Marshal(o)
	return httpcaddyfile.App{Name: "argos", Value: raw}, err
}

// Read reads a file. `{$NAME}` and `{$NAME:default}` in it come from the environment.
func Read(path string) (*Bootstrap, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("the bootstrap Caddyfile: %w", err)
	}
	adapted, _, err := caddyconfig.GetAdapter("caddyfile").Adapt(text, map[string]any{"filename": path})
	if err != nil {
		return nil, fmt.Errorf("the bootstrap Caddyfile: %w", err)
	}
	var whole map[string]json.RawMessage
	if err := json.Unmarshal(adapted, &whole); err != nil {
		return nil, fmt.Errorf("the bootstrap Caddyfile: %w", err)
	}
	whole["admin"] = json.RawMessage(`{"disabled":true,"config":{"persist":false}}`)
	var apps struct {
		Argos option `json:"argos"`
	}
	if raw, ok := whole["apps"]; ok {
		if err := json.Unmarshal(raw, &apps); err != nil {
			return nil, fmt.Errorf("the bootstrap Caddyfile: %w", err)
		}
	}
	b := &Bootstrap{Control: apps.Argos.Control}
	b.Config, err = json.Marshal(whole)
	return b, err
}
