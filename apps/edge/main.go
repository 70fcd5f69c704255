// Command argos-edge is Argos' data plane: Caddy with the modules of this repository, run and changed through one unix
// socket.
//
//	argos-edge run --data DIR --run DIR    serve; the control socket is DIR/edge.sock
//	    [--caddyfile FILE]                 what to serve until the panel has spoken; without --run it names the socket
//	argos-edge ready --run DIR             whether that edge serves a configuration
//	argos-edge validate FILE               check a whole candidate without serving it
//	argos-edge version [--json]
//	argos-edge list-modules
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"

	_ "github.com/caddyserver/caddy/v2/modules/standard"

	_ "argos/edge/dispatch"
	_ "argos/edge/gate"
	_ "argos/edge/listener"
	_ "argos/edge/pools"
)

// version is set by the linker.
var version = "0.0.0-dev"

const usage = `usage:
  argos-edge run --data DIR [--run DIR] [--caddyfile FILE]
  argos-edge ready --run DIR
  argos-edge validate FILE
  argos-edge version [--json]
  argos-edge list-modules
`

// errUsage ends a command with the usage and status 2.
var errUsage = errors.New("usage")

var commands = map[string]func(args []string) error{
	"ready":        readyCommand,
	"run":          runCommand,
	"validate":     validateCommand,
	"version":      versionCommand,
	"list-modules": listModulesCommand,
}

func main() {
	command := func([]string) error { return errUsage }
	var args []string
	if len(os.Args) > 1 {
		if found, ok := commands[os.Args[1]]; ok {
			command, args = found, os.Args[2:]
		}
	}
	err := command(args)
	switch {
	case err == nil, errors.Is(err, flag.ErrHelp):
	case errors.Is(err, errUsage):
		fmt.Fprint(os.Stderr, usage)
		os.Exit(2)
	default:
		fmt.Fprintf(os.Stderr, "argos-edge: %v\n", err)
		os.Exit(1)
	}
}
