package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"

	"argos/edge/control"
)

// validateCommand checks a whole candidate, in the form of POST /load or of GET /config/. It has a process of its own:
// caddy.Validate leaves loggers, storage and certificate cache of whoever calls it at the candidate.
func validateCommand(args []string) error {
	if len(args) != 1 {
		return errUsage
	}
	raw, err := os.ReadFile(args[0])
	if err != nil {
		return err
	}
	refused, err := control.Validate(raw)
	if err != nil {
		return err
	}
	if len(refused) == 0 {
		_, err := fmt.Println("valid")
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(refused)) {
		line, err := json.Marshal(refused[name])
		if err != nil {
			return err
		}
		fmt.Fprintf(os.Stderr, "%s %s\n", name, line)
	}
	return errors.New("some hosts or pools would be refused")
}
