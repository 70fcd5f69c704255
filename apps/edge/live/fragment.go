package live

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"slices"
	"strings"
)

// fragment is the JSON of one host.
type fragment struct {
	// Canonical names: lower-case A-labels without port or dot at the end; `*.` in front of at least two labels.
	Names []string `json:"names"`
	// A host that is off answers 404 and refuses TLS. Default: false.
	Off bool `json:"off,omitempty"`
	// auto, internal or none.
	TLS string `json:"tls"`
	// The handlers a request passes, argos_gate first.
	Handle []json.RawMessage `json:"handle"`
}

// refused carries a field to the caller.
type refused Refusal

func (r *refused) Error() string { return r.Message }

func refuse(field, format string, args ...any) error {
	return &refused{Message: fmt.Sprintf(format, args...), Field: field}
}

const (
	maxNames    = 100
	maxHandlers = 32
	gateHandler = "argos_gate"
	poolHandler = "argos_pool"
)

// Everything a host's handlers may be. Each was read for side effects of being provisioned and thrown away.
var allowedHandlers = []string{gateHandler, poolHandler, "headers", "rewrite", "encode", "static_response", "file_server"}

func parseFragment(raw json.RawMessage) (*fragment, error) {
	var f fragment
	dec := json.NewDecoder(bytes.NewReader(raw))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&f); err != nil {
		return nil, refuse("", "not a host: %v", err)
	}
	if len(f.Names) == 0 || len(f.Names) > maxNames {
		return nil, refuse("names", "a host has 1 to %d names", maxNames)
	}
	for i, n := range f.Names {
		field := fmt.Sprintf("names[%d]", i)
		if err := checkName(n); err != nil {
			return nil, refuse(field, "%q is not a usable name: %v", n, err)
		}
		if slices.Contains(f.Names[:i], n) {
			return nil, refuse(field, "%s is there twice", n)
		}
		if IsPanel(n) {
			return nil, refuse(field, "%s is the panel's own name", n)
		}
	}
	if !slices.Contains([]string{TLSAuto, TLSInternal, TLSNone}, f.TLS) {
		return nil, refuse("tls", "tls is auto, internal or none, not %q", f.TLS)
	}
	if len(f.Handle) == 0 || len(f.Handle) > maxHandlers {
		return nil, refuse("handle", "a host has 1 to %d handlers", maxHandlers)
	}
	return &f, nil
}

// checkName accepts canonical DNS names (RFC 1035 lengths, RFC 1123 letters, and the underscore) and wildcards.
func checkName(n string) error {
	if len(n) > 253 {
		return errors.New("longer than 253 characters")
	}
	rest, wildcard := strings.CutPrefix(n, "*.")
	if wildcard && !strings.Contains(rest, ".") {
		return errors.New("a wildcard needs two labels behind it")
	}
	if _, err := netip.ParseAddr(n); err == nil {
		return errors.New("an address is not a name")
	}
	for label := range strings.SplitSeq(rest, ".") {
		if label == "" || len(label) > 63 {
			return errors.New("a label has 1 to 63 characters")
		}
		if label[0] == '-' || label[len(label)-1] == '-' {
			return errors.New("a label neither begins nor ends with a hyphen")
		}
		for i := range len(label) {
			c := label[i]
			if (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '-' && c != '_' {
				return fmt.Errorf("the character %q", c)
			}
		}
	}
	return nil
}

// handlerOf splits the module's name from its configuration.
func handlerOf(raw json.RawMessage) (name string, config json.RawMessage, err error) {
	var m map[string]json.RawMessage
	if err := json.Unmarshal(raw, &m); err != nil {
		return "", nil, fmt.Errorf("not a handler: %w", err)
	}
	if err := json.Unmarshal(m["handler"], &name); err != nil || name == "" {
		return "", nil, errors.New("a handler needs its name in \"handler\"")
	}
	delete(m, "handler")
	config, err = json.Marshal(m)
	return name, config, err
}

// Placeholders that read the machine. Users' text arrives escaped (`\{`); this is the second wall (CF-02, CF-03).
var machinePlaceholders = []string{"{env.", "{file.", "{system.", "{http.vars."}

func checkPlaceholders(raw json.RawMessage) error {
	var v any
	if err := json.Unmarshal(raw, &v); err != nil {
		return err
	}
	return walkStrings(v)
}

func walkStrings(v any) error {
	switch v := v.(type) {
	case string:
		for _, p := range machinePlaceholders {
			for i, rest := strings.Index(v, p), v; i >= 0; i = strings.Index(rest, p) {
				if i == 0 || rest[i-1] != '\\' {
					return fmt.Errorf("the placeholder %s…} is not allowed", p)
				}
				rest = rest[i+len(p):]
			}
		}
	case []any:
		for _, e := range v {
			if err := walkStrings(e); err != nil {
				return err
			}
		}
	case map[string]any:
		for k, e := range v {
			if err := errors.Join(walkStrings(k), walkStrings(e)); err != nil {
				return err
			}
		}
	}
	return nil
}
