package main

import (
	"context"
	"os"
	"os/signal"
	"syscall"
	"time"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/certmagic"

	"argos/edge/control"
)

// grace is how long open requests may go on after a stop was asked for.
const grace = 10 * time.Second

// trapSignals lets Caddy end the process on SIGTERM and SIGINT: it stops listening, waits for open requests and exits
// with 0. Caddy waits for ever, so the grace is ours; and a second signal of either kind ends the process at once.
func trapSignals(server *control.Server) {
	signals := make(chan os.Signal, 2)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	caddy.OnExit(func(context.Context) { server.Close() })
	caddy.TrapSignals()
	go func() {
		<-signals
		server.Refuse()
		select {
		case <-signals:
			os.Exit(caddy.ExitCodeForceQuit)
		case <-time.After(grace):
			server.Close()
			certmagic.CleanUpOwnLocks(context.Background(), caddy.Log())
			os.Exit(caddy.ExitCodeSuccess)
		}
	}()
}
