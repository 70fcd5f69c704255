package main

import (
	"context"
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"

	"argos/edge/caddyfile"
	"argos/edge/control"
)

func runCommand(args []string) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	data := flags.String("data", "", "folder of everything that lasts")
	run := flags.String("run", "", "folder of the sockets")
	file := flags.String("caddyfile", "", "what to serve until the panel has sent a configuration")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" || *run == "" && *file == "" || flags.NArg() > 0 {
		return errUsage
	}
	holdMemory()
	dataDir, err := filepath.Abs(*data)
	if err != nil {
		return err
	}
	socket, bootstrap, err := beginning(*run, *file)
	if err != nil {
		return err
	}
	if err := prepareFolders(dataDir, filepath.Dir(socket)); err != nil {
		return err
	}
	edgeDir := filepath.Join(dataDir, "edge")
	lock, err := lockFolder(edgeDir)
	if err != nil {
		return err
	}
	defer lock.release()

	server, err := control.Open(control.Options{
		Socket: socket, StateDir: edgeDir, Version: version, Bootstrap: bootstrap,
	})
	if err != nil {
		return err
	}
	trapSignals(server)
	if err := server.Boot(context.Background()); err != nil {
		// What could be read is served all the same, and the next change writes everything anew.
		caddy.Log().Error("saving the state it came up with", zap.Error(err))
	}
	select {} // until a signal ends the process
}

// holdMemory makes the collector begin when the heap has grown by 70 %, not by its own 100: a tenth less memory with
// thousands of hosts, for a few percent of a processor under full load. GOGC, when set, decides instead.
func holdMemory() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(70)
	}
}

// beginning is the path of the control socket, and what is served until the panel has spoken. A file that cannot be read
// costs that page alone when the socket is known without it: what is saved is served all the same.
func beginning(run, file string) (socket string, bootstrap json.RawMessage, err error) {
	said := new(caddyfile.Bootstrap)
	if file != "" {
		read, err := caddyfile.Read(file)
		switch {
		case err == nil:
			said = read
		case run == "":
			return "", nil, err
		default:
			caddy.Log().Warn("nothing answers visitors until the panel's first configuration", zap.Error(err))
		}
	}
	at := said.Control
	if run != "" {
		at = filepath.Join(run, "edge.sock")
	}
	if at == "" {
		return "", nil, fmt.Errorf("%s names no control socket, and there is no --run", file)
	}
	socket, err = filepath.Abs(at)
	return socket, said.Config, err
}

// prepareFolders makes what is missing and keeps Caddy's own places inside the data folder.
func prepareFolders(dataDir, runDir string) error {
	for dir, mode := range map[string]os.FileMode{
		dataDir: 0o700, filepath.Join(dataDir, "edge"): 0o700, filepath.Join(dataDir, "caddy"): 0o700,
		filepath.Join(dataDir, "logs"): 0o750, runDir: 0o750,
	} {
		if err := os.MkdirAll(dir, mode); err != nil {
			return fmt.Errorf("preparing the folders: %w", err)
		}
	}
	// caddy.AppDataDir follows it: the instance's id belongs to this data folder, not to the user's home.
	if err := os.Setenv("XDG_DATA_HOME", dataDir); err != nil {
		return fmt.Errorf("preparing the folders: %w", err)
	}
	caddy.DefaultStorage = &certmagic.FileStorage{Path: filepath.Join(dataDir, "caddy")}
	return nil
}
