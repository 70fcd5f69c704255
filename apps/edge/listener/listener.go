// Package listener is the network tcp_argos: one listening socket per address for as long as any configuration
// uses that address.
//
// It promises three things. A reload resets nobody: the socket and its accept queue outlive the configuration, which
// only gets a door to it. A new connection goes to the newest configuration that listens, and back to the one before
// when that is refused. And the address is ours alone: Caddy's own TCP listeners set SO_REUSEPORT, by which a second
// edge would silently answer part of the requests; here it gets "address already in use".
//
// HTTP/3 of a server on tcp_argos listens on UDP at the same address, where Caddy shares the socket over reloads.
package listener

import (
	"context"
	"fmt"
	"net"
	"slices"
	"strconv"
	"sync"

	"github.com/caddyserver/caddy/v2"
	"github.com/caddyserver/caddy/v2/modules/caddyhttp"
)

// Network is the name that a server's `listen` addresses carry, as in "tcp_argos/:443".
const Network = "tcp_argos"

func init() {
	caddy.RegisterNetwork(Network, listen)
	caddyhttp.RegisterNetworkHTTP3(Network, "udp")
}

// sockets are those of this process, by the address they were asked for. Process-wide as a socket outlives every
// configuration; an entry goes when its last door closes.
var sockets = struct {
	sync.Mutex
	byAddress map[string]*socket
}{byAddress: map[string]*socket{}}

// listen is caddy.ListenerFunc: a door to the socket of the address, which is opened by the first that asks.
func listen(_ context.Context, _, host, port string, offset uint, config net.ListenConfig) (any, error) {
	first, err := strconv.ParseUint(port, 10, 16)
	if err != nil {
		return nil, fmt.Errorf("port %q: one port is wanted, not a range", port)
	}
	address := net.JoinHostPort(host, strconv.FormatUint(first+uint64(offset), 10))

	sockets.Lock()
	defer sockets.Unlock()
	s := sockets.byAddress[address]
	if s == nil {
		// The context of the configuration that comes first must not end the socket.
		inner, err := config.Listen(context.Background(), "tcp", address)
		if err != nil {
			return nil, err
		}
		s = &socket{address: address, inner: inner, changed: make(chan struct{})}
		sockets.byAddress[address] = s
		go s.accept()
	}
	return s.open(), nil
}

// Addresses lists what this process listens on, sorted, as in "tcp/127.0.0.1:8443".
func Addresses() []string {
	sockets.Lock()
	defer sockets.Unlock()
	list := make([]string, 0, len(sockets.byAddress))
	for _, s := range sockets.byAddress {
		list = append(list, "tcp/"+s.inner.Addr().String())
	}
	slices.Sort(list)
	return list
}

// Addrs are the same as net.Addr, for the guard that keeps upstream connections off our own listeners. It answers
// from memory.
func Addrs() []net.Addr {
	sockets.Lock()
	defer sockets.Unlock()
	list := make([]net.Addr, 0, len(sockets.byAddress))
	for _, s := range sockets.byAddress {
		list = append(list, s.inner.Addr())
	}
	return list
}
