package caddyfile

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	_ "github.com/caddyserver/caddy/v2/modules/standard"

	_ "argos/edge/control"
	_ "argos/edge/listener"
)

func read(t *testing.T, text string) (*Bootstrap, error) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "Caddyfile")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(path)
}

func TestTheTemplateListensForThePanelsConfigurationAndOpensNoAdminEndpoint(t *testing.T) {
	t.Setenv("ARGOS_EDGE_SOCKET", "/tmp/e.sock")
	t.Setenv("ARGOS_HTTP_PORT", "8080")
	for bind, address := range map[string]string{
		"": "tcp_argos/:8080", "127.0.0.1": "tcp_argos/127.0.0.1:8080", "::1": "tcp_argos/[::1]:8080",
	} {
		t.Setenv("ARGOS_BIND", bind)
		b, err := Read("../../../Caddyfile.template")
		if err != nil {
			t.Fatal(err)
		}
		if b.Control != "/tmp/e.sock" {
			t.Errorf("control is %q", b.Control)
		}
		if !strings.Contains(string(b.Config), `"listen":["`+address+`"]`) {
			t.Errorf("bind %q: %s", bind, b.Config)
		}
	}
}

func TestAdminStaysOffWhateverTheFileSays(t *testing.T) {
	b, err := read(t, "{\n\tadmin localhost:2019\n\targos {\n\t\tcontrol /x\n\t}\n}\n:8080 {\n\trespond ok\n}\n")
	if err != nil {
		t.Fatal(err)
	}
	var whole struct {
		Admin struct {
			Disabled bool           `json:"disabled"`
			Listen   string         `json:"listen"`
			Config   map[string]any `json:"config"`
		} `json:"admin"`
	}
	if err := json.Unmarshal(b.Config, &whole); err != nil {
		t.Fatal(err)
	}
	if !whole.Admin.Disabled || whole.Admin.Listen != "" || whole.Admin.Config["persist"] != false {
		t.Errorf("%+v", whole.Admin)
	}
}

func TestWhatIsWrongIsSaid(t *testing.T) {
	for text, words := range map[string]string{
		"{\n\targos {\n\t\tdoor /x\n\t}\n}":                    "unknown: door",
		"{\n\targos {\n\t\tcontrol\n\t}\n}":                    "control takes the path",
		"{\n\targos {\n\t\tcontrol /a\n\t\tcontrol /b\n\t}\n}": "control is there twice",
		"{\n\targos /a\n}":                                     "wrong argument count",
		"{\n\targos {\n\t}\n\targos {\n\t}\n}":                 "argos is there twice",
		"http://:80 {\n\targos_waiting long\n}":                "argos_waiting takes nothing",
		"http://:80 {\n\targos_waiting {\n\t\ttitle x\n\t}\n}": "argos_waiting takes nothing",
	} {
		if _, err := read(t, text); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%q: %v, want %q", text, err, words)
		}
	}
	if _, err := Read("nowhere"); err == nil {
		t.Error("a file that is not there")
	}
}
