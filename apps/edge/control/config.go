package control

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
)

// config answers with the whole configuration as it runs, or the part at a path, as Caddy's admin API does.
func (s *Server) config(w http.ResponseWriter, r *http.Request) {
	now := s.core.now.Load()
	w.Header().Set("ETag", quote(etagOf(now)))
	if now == nil {
		answer(w, http.StatusOK, nil)
		return
	}
	raw, err := now.compose()
	if err != nil {
		refuse(w, err)
		return
	}
	part, err := at(raw, strings.Trim(r.PathValue("path"), "/"))
	if err != nil {
		refuse(w, failure(http.StatusNotFound, err))
		return
	}
	answer(w, http.StatusOK, part)
}

// at walks objects by key and arrays by index, leaving everything it passes as it stands.
func at(raw json.RawMessage, path string) (json.RawMessage, error) {
	if path == "" {
		return raw, nil
	}
	step, rest, _ := strings.Cut(path, "/")
	switch trimmed := bytes.TrimSpace(raw); {
	case bytes.HasPrefix(trimmed, []byte("{")):
		var fields map[string]json.RawMessage
		if err := json.Unmarshal(raw, &fields); err != nil {
			return nil, err
		}
		if inner, ok := fields[step]; ok {
			return at(inner, rest)
		}
	case bytes.HasPrefix(trimmed, []byte("[")):
		var list []json.RawMessage
		if err := json.Unmarshal(raw, &list); err != nil {
			return nil, err
		}
		if i, err := strconv.Atoi(step); err == nil && i >= 0 && i < len(list) {
			return at(list[i], rest)
		}
	}
	return nil, fmt.Errorf("there is nothing at %s", step)
}
