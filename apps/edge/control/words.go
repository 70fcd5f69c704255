package control

import (
	"regexp"
	"strings"
)

// noise is what Caddy puts before the words that matter, one layer after another.
var noise = regexp.MustCompile(`^(?:` + strings.Join([]string{
	`loading new config: `,
	`loading [a-z_]+ app module: `,
	`[a-z_]+ app module: start: `,
	`provision [a-z0-9_.]+: `,
	`decoding module config: [a-z0-9_.]+: `,
	`[a-z0-9_.]+: invalid configuration: `,
	`getting [a-z_]+ app: `,
	`module name '[^']*': `,
	`loading module '[^']*': `,
	`loading [a-z ]*modules?: `,
	`setting up (?:route handlers|subroutes|server error handling routes|TLS connection policies): `,
	`key [A-Za-z0-9_.-]+: `,
	`position \d+: `,
}, `|`) + `)`)

// socketNoise is how Go names a failed bind: all of it is said already.
var socketNoise = regexp.MustCompile(`listening on (?:tcp_argos/)?(\S+): listen (?:tcp|udp)\d? \S+: bind: `)

// words shortens an error of Caddy's to what people need. "server https", "route 0" and "policy 2" stay: they say where.
func words(err error) string {
	text := err.Error()
	for {
		shorter := noise.ReplaceAllString(text, "")
		if where, rest, ok := strings.Cut(shorter, ": "); ok && wherePattern.MatchString(where) {
			shorter = where + ": " + strip(rest)
		}
		if shorter == text {
			return socketNoise.ReplaceAllString(text, "listening on $1: ")
		}
		text = shorter
	}
}

var wherePattern = regexp.MustCompile(`^(?:server \S+|route \d+|policy \d+)$`)

func strip(text string) string { return noise.ReplaceAllString(text, "") }
