package control

import (
	"net/http"

	"argos/edge/gate"
)

// evicted is what the gate has forgotten and ended.
type evicted struct {
	// Credentials that are asked for anew.
	Dropped int `json:"dropped"`
	// Open requests, streams and WebSockets included.
	Cancelled int `json:"cancelled"`
}

// evict is no change of what is served: it waits for none, and none waits for it.
func evict(what gate.Eviction) (any, error) {
	if err := what.Check(); err != nil {
		return nil, failure(http.StatusBadRequest, err)
	}
	dropped, cancelled := gate.Evict(what)
	return evicted{dropped, cancelled}, nil
}
