package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"path/filepath"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/certmagic"
	"go.uber.org/zap"

	"argos/edge/control"
)

func runCommand(args []string) error {
	flags := flag.NewFlagSet("run", flag.ContinueOnError)
	data := flags.String("data", "", "folder of everything that lasts")
	run := flags.String("run", "", "folder of the sockets")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *data == "" || *run == "" || flags.NArg() > 0 {
		return errUsage
	}
	dataDir, err := filepath.Abs(*data)
	if err != nil {
		return err
	}
	runDir, err := filepath.Abs(*run)
	if err != nil {
		return err
	}
	if err := prepareFolders(dataDir, runDir); err != nil {
		return err
	}
	edgeDir := filepath.Join(dataDir, "edge")
	lock, err := lockFolder(edgeDir)
	if err != nil {
		return err
	}
	defer lock.release()

	server, err := control.Open(control.Options{
		Socket: filepath.Join(runDir, "edge.sock"), StateDir: edgeDir, Version: version,
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
