package main

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func TestValidateChecksAWholeCandidateBesideARunningEdge(t *testing.T) {
	e := loadedEdge(t, m{"h_a": says("a.test", "a")})
	effective, err := json.Marshal(e.call("GET", "/config/", nil).body)
	must(t, err)
	broken1 := e.base(nil)
	broken1["apps"].(m)["http"].(m)["servers"].(m)["http"].(m)["listen"] = a{"tcp_argos/:x"}
	for _, c := range []struct {
		name      string
		candidate any
		ok        bool
		says      string
	}{
		{"what runs", json.RawMessage(effective), true, "valid"},
		{"a load", m{"base": e.base(nil), "hosts": m{"h_b": says("b.test", "b")}, "generation": 2}, true, "valid"},
		{"a refused host", m{"base": e.base(nil), "hosts": m{"h_b": broken("b.test")}}, false, `host:h_b {"message":`},
		{"a refused base", m{"base": broken1}, false, "invalid start port"},
		{"no object", 1, false, "an object is wanted"},
	} {
		raw, err := json.Marshal(c.candidate)
		must(t, err)
		file := filepath.Join(t.TempDir(), "candidate.json")
		must(t, os.WriteFile(file, raw, 0o600))
		out, err := exec.Command(binary, "validate", file).CombinedOutput()
		if (err == nil) != c.ok || !strings.Contains(string(out), c.says) {
			t.Errorf("%s: %v: %s", c.name, err, out)
		}
	}
	e.serves("a.test", "a")
}

func TestCommandsSayHowTheyAreUsed(t *testing.T) {
	for _, c := range []struct {
		args []string
		says string
		code int
	}{
		{nil, "usage:", 2}, {[]string{"nope"}, "usage:", 2}, {[]string{"run"}, "usage:", 2}, {[]string{"validate"}, "usage:", 2},
		{[]string{"version"}, "Caddy v2.", 0}, {[]string{"version", "--json"}, `"caddy":"v2.`, 0},
		{[]string{"list-modules"}, "http.handlers.argos_dispatch\n", 0},
	} {
		command := exec.Command(binary, c.args...)
		out, _ := command.CombinedOutput()
		if command.ProcessState.ExitCode() != c.code || !strings.Contains(string(out), c.says) {
			t.Errorf("%v: code %d: %.200s", c.args, command.ProcessState.ExitCode(), out)
		}
	}
}
