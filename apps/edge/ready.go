package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"net"
	"net/http"
	"path/filepath"
	"time"
)

// readyCommand is the health check of a container: it fails until the edge of this folder serves a configuration.
func readyCommand(args []string) error {
	flags := flag.NewFlagSet("ready", flag.ContinueOnError)
	run := flags.String("run", "", "folder of the sockets")
	if err := flags.Parse(args); err != nil {
		return err
	}
	if *run == "" || flags.NArg() > 0 {
		return errUsage
	}
	socket := filepath.Join(*run, "edge.sock")
	client := &http.Client{Timeout: 3 * time.Second, Transport: &http.Transport{
		DialContext: func(ctx context.Context, _, _ string) (net.Conn, error) {
			return new(net.Dialer).DialContext(ctx, "unix", socket)
		},
	}}
	answer, err := client.Get("http://edge/argos/info?summary=1")
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	var info struct {
		Base       *string `json:"base"`
		Generation int64   `json:"generation"`
	}
	if err := json.NewDecoder(answer.Body).Decode(&info); err != nil {
		return fmt.Errorf("the edge answers %s: %w", answer.Status, err)
	}
	if info.Base == nil {
		return errors.New("the edge has no configuration yet: it waits for the panel")
	}
	_, err = fmt.Printf("serving generation %d\n", info.Generation)
	return err
}
