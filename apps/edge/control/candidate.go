package control

import (
	"encoding/json"
	"errors"
	"fmt"

	"github.com/caddyserver/caddy/v2"

	"argos/edge/live"
)

// Validate provisions a whole candidate, in the form of POST /load or of GET /config/, and throws it away. Never call it
// in a process that serves. The error is about the base; hosts and pools are refused one by one.
func Validate(raw []byte) (map[string]live.Refusal, error) {
	composed, err := candidate(raw)
	if err != nil {
		return nil, err
	}
	v, _, err := cores.LoadOrNew(coreKey, func() (caddy.Destructor, error) { return newCore(), nil })
	if err != nil {
		return nil, err
	}
	var config caddy.Config
	if err := caddy.StrictUnmarshalJSON(caddy.RemoveMetaFields(composed), &config); err != nil {
		return nil, err
	}
	// What is said here belongs to whoever asked, not into the log of the edge that serves.
	config.Logging = &caddy.Logging{Logs: map[string]*caddy.CustomLog{"default": {BaseLog: caddy.BaseLog{
		WriterRaw: json.RawMessage(`{"output":"discard"}`),
	}}}}
	if err := caddy.Validate(&config); err != nil {
		return nil, errors.New(words(err))
	}
	tried := v.(*core).tried
	if tried == nil {
		return nil, errors.New("the configuration runs no app argos")
	}
	return tried.refused, nil
}

func candidate(raw []byte) (json.RawMessage, error) {
	fields, err := fieldsOf(raw, "the candidate")
	if err != nil {
		return nil, err
	}
	if _, ok := fields["base"]; !ok {
		return raw, nil
	}
	var w whole
	if err := json.Unmarshal(raw, &w); err != nil {
		return nil, fmt.Errorf("the candidate: %w", err)
	}
	if err := w.check(); err != nil {
		return nil, err
	}
	return w.served(nothing()).compose()
}
