package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"runtime"

	"github.com/caddyserver/caddy/v2"
)

func versionCommand(args []string) error {
	flags := flag.NewFlagSet("version", flag.ContinueOnError)
	asJSON := flags.Bool("json", false, "as JSON")
	if err := flags.Parse(args); err != nil {
		return err
	}
	simple, _ := caddy.Version()
	said := struct {
		Version string `json:"version"`
		Caddy   string `json:"caddy"`
		Go      string `json:"go"`
	}{version, simple, runtime.Version()}
	if *asJSON {
		return json.NewEncoder(os.Stdout).Encode(said)
	}
	_, err := fmt.Printf("argos-edge %s (Caddy %s, %s)\n", said.Version, said.Caddy, said.Go)
	return err
}

func listModulesCommand(args []string) error {
	if len(args) > 0 {
		return errUsage
	}
	for _, id := range caddy.Modules() {
		if _, err := fmt.Println(id); err != nil {
			return err
		}
	}
	return nil
}
