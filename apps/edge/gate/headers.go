package gate

import "net/http"

const assertionHeader = "X-Argos-Assertion"

// tell the application who it is. What a visitor said of itself is gone already (see dispatch). Each value
// is a slice of its own: handlers behind change headers in place.
func (f *facts) tell(h http.Header, assertion bool) {
	n := len(f.values)
	room := make([]string, n, n+1)
	copy(room, f.values)
	for i, name := range f.names {
		h[name] = room[i : i+1 : i+1]
	}
	if assertion && f.assertion != "" {
		room = append(room, f.assertion)
		h[assertionHeader] = room[n : n+1 : n+1]
	}
}
