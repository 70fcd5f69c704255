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
	`loading [A-Za-z ]*modules?: `,
	`setting up [A-Za-z ]+: `,
	`key [A-Za-z0-9_.-]+: `,
	`position \d+: `,
}, `|`) + `)`)

// socketNoise is how Go names a failed bind: all of it is said already.
var socketNoise = regexp.MustCompile(`listening on (?:tcp_argos/)?(\S+): listen (?:tcp|udp)\d? \S+: bind: `)

// places say where in the configuration something is wrong, so they stay.
var places = regexp.MustCompile(`^(?:server \S+|route \d+|policy \d+|provisioning automation policy \d+): `)

// words shortens an error of Caddy's to what people need.
func words(err error) string {
	kept, text := "", err.Error()
	for {
		if place := places.FindString(text); place != "" {
			kept, text = kept+place, text[len(place):]
			continue
		}
		shorter := noise.ReplaceAllString(text, "")
		if shorter == text {
			return kept + socketNoise.ReplaceAllString(text, "listening on $1: ")
		}
		text = shorter
	}
}
