package control

import (
	"net/http"
	"os"
	"runtime"
	"time"

	"github.com/caddyserver/caddy/v2"

	"argos/edge/listener"
	"argos/edge/requests"
)

// info is what the edge says about itself.
type info struct {
	// Of this socket's dialect: 2 knows changes for a limited time.
	API       int       `json:"api"`
	Version   string    `json:"version"`
	Caddy     string    `json:"caddy"`
	Go        string    `json:"go"`
	PID       int       `json:"pid"`
	StartedAt time.Time `json:"started_at"`
	// Of all that is served. The panel computes the same from what it wants.
	Etag string `json:"etag"`
	// Hash of the base, null before the first.
	Base       *string `json:"base"`
	Generation int64   `json:"generation"`
	// What is served is on disk.
	Saved bool `json:"saved"`
	// Who made the last change; empty for somebody who did not say.
	Origin string `json:"origin"`
	// The change that goes back by itself unless it is confirmed. Null when there is none.
	Pending *pendingView `json:"pending"`
	// The last one that was confirmed; empty when none was.
	Confirmed string `json:"confirmed"`
	// The last one that went back, of this process. Null when none has.
	Reverted *reverted `json:"reverted"`
	// By id, left out of a summary.
	Hosts map[string]hostInfo `json:"hosts,omitzero"`
	Pools map[string]poolInfo `json:"pools,omitzero"`
	// By "host:<id>" or "pool:<id>": why the newest version is not live. Null when nothing failed.
	Failed map[string]string `json:"failed"`
	Boot   boot              `json:"boot"`
	// Requests being answered now, streams and WebSockets included.
	OpenRequests int `json:"open_requests"`
	// As in "tcp/127.0.0.1:8443"; null when there are none.
	Listeners []string `json:"listeners"`
	// Every module of this build, left out of a summary.
	Modules []string `json:"modules,omitempty"`
}

type hostInfo struct {
	Hash       string `json:"hash"`
	Generation int64  `json:"generation"`
}

type poolInfo struct {
	Hash string `json:"hash"`
}

// boot is what the process came up with.
type boot struct {
	// "current": all that was saved last. "previous": the state before it. "nothing": there was none that loads.
	From string `json:"from"`
	// Why it was not the newest, or not all of it. Null when there is nothing to say.
	Errors []string `json:"errors"`
}

var started = time.Now().UTC()

func (c *core) info(version string, summary bool) info {
	now := c.now.Load()
	simple, _ := caddy.Version()
	out := info{
		API: 2, Version: version, Caddy: simple, Go: runtime.Version(), PID: os.Getpid(), StartedAt: started,
		Etag: etagOf(now), Saved: !c.unsaved.Load(), Reverted: c.ended.Load(), Failed: c.failed(), Boot: boot{From: "nothing"},
		OpenRequests: requests.Open(), Listeners: listener.Addresses(),
	}
	if b := c.booted.Load(); b != nil {
		out.Boot = *b
	}
	if len(out.Listeners) == 0 {
		out.Listeners = nil
	}
	if waits := c.pending.Load(); waits != nil {
		out.Pending, out.Saved = waits.view(), false
	}
	if now != nil {
		out.Base, out.Generation = &now.baseHash, now.generation
		out.Origin, out.Confirmed = now.marks.Origin, now.marks.Confirmed
	}
	if summary {
		return out
	}
	out.Modules = caddy.Modules()
	out.Hosts, out.Pools = map[string]hostInfo{}, map[string]poolInfo{}
	if now != nil {
		for id, o := range now.hosts.all() {
			out.Hosts[id] = hostInfo{Hash: o.hash, Generation: o.generation}
		}
		for id, o := range now.pools.all() {
			out.Pools[id] = poolInfo{Hash: o.hash}
		}
	}
	return out
}

func (s *Server) info(w http.ResponseWriter, r *http.Request) {
	said := s.core.info(s.version, r.URL.Query().Get("summary") == "1")
	w.Header().Set("ETag", quote(said.Etag))
	answer(w, http.StatusOK, said)
}
