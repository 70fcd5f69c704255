// Package dialguard keeps upstream connections away from this machine's own doors and from cloud metadata.
//
// It promises that the address which is dialled is the one that was judged: it looks at what a name
// resolved to, at the moment of the dial, so no DNS answer gets round it (CF-15). It keeps nothing.
package dialguard

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"syscall"
	"time"
)

// ErrForbidden is what a refused dial's error wraps.
var ErrForbidden = errors.New("this address is not a possible upstream")

var forbidden = []netip.Prefix{
	netip.MustParsePrefix("0.0.0.0/8"),          // "this host" (RFC 1122): the kernel makes it loopback
	netip.MustParsePrefix("169.254.0.0/16"),     // link-local, cloud metadata
	netip.MustParsePrefix("100.100.100.200/32"), // Alibaba's metadata
	netip.MustParsePrefix("224.0.0.0/4"),        // multicast
	netip.MustParsePrefix("255.255.255.255/32"), // broadcast
	netip.MustParsePrefix("::/128"),             // unspecified
	netip.MustParsePrefix("fe80::/10"),          // link-local
	netip.MustParsePrefix("fd00:ec2::254/128"),  // Amazon's metadata
	netip.MustParsePrefix("ff00::/8"),           // multicast
}

// nat64 embeds an IPv4 address in its last four bytes (RFC 6052).
var nat64 = netip.MustParsePrefix("64:ff9b::/96")

// Listeners tells the addresses this process listens on.
type Listeners func() []net.Addr

// Check judges an address by itself, without knowing the listeners.
func Check(a netip.Addr) error {
	a = a.Unmap().WithZone("")
	if nat64.Contains(a) {
		b := a.As16()
		a = netip.AddrFrom4([4]byte(b[12:]))
	}
	for _, p := range forbidden {
		if p.Contains(a) {
			return fmt.Errorf("%w: %s", ErrForbidden, a)
		}
	}
	return nil
}

// Dialer returns a dialer that refuses forbidden addresses and the listeners of this process.
func Dialer(timeout time.Duration, own Listeners) *net.Dialer {
	return &net.Dialer{
		Timeout:   timeout,
		KeepAlive: 15 * time.Second,
		ControlContext: func(_ context.Context, network, address string, _ syscall.RawConn) error {
			return control(network, address, own)
		},
	}
}

func control(network, address string, own Listeners) error {
	switch network {
	case "tcp", "tcp4", "tcp6":
	default:
		return fmt.Errorf("%w: network %s", ErrForbidden, network)
	}
	ap, err := netip.ParseAddrPort(address)
	if err != nil {
		return fmt.Errorf("%w: %s", ErrForbidden, address)
	}
	if err := Check(ap.Addr()); err != nil {
		return err
	}
	if own != nil && isOwn(ap, own()) {
		return fmt.Errorf("%w: %s is a listener of this edge", ErrForbidden, ap)
	}
	return nil
}

// isOwn compares the port first: machines rarely need to be asked for their addresses.
func isOwn(target netip.AddrPort, listeners []net.Addr) bool {
	to := target.Addr().Unmap().WithZone("")
	for _, l := range listeners {
		tcp, ok := l.(*net.TCPAddr)
		if !ok || tcp.Port != int(target.Port()) {
			continue
		}
		at, ok := netip.AddrFromSlice(tcp.IP)
		if !ok || at.Unmap().IsUnspecified() {
			if to.IsLoopback() || isLocal(to) {
				return true
			}
		} else if at.Unmap() == to {
			return true
		}
	}
	return false
}

func isLocal(a netip.Addr) bool {
	addrs, err := net.InterfaceAddrs()
	if err != nil {
		return true // cannot tell: closed
	}
	for _, i := range addrs {
		if n, ok := i.(*net.IPNet); ok {
			if ip, ok := netip.AddrFromSlice(n.IP); ok && ip.Unmap() == a {
				return true
			}
		}
	}
	return false
}
