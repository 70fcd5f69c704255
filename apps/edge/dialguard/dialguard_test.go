package dialguard

import (
	"errors"
	"net"
	"net/netip"
	"testing"
	"time"
)

func TestCheck(t *testing.T) {
	for addr, ok := range map[string]bool{
		"10.0.0.5": true, "127.0.0.1": true, "192.168.1.1": true, "::1": true, "fd12::1": true, "2001:db8::1": true,
		"100.100.100.201": true, "64:ff9b::a00:5": true,
		"169.254.169.254": false, "169.254.0.1": false, "::ffff:169.254.169.254": false, "fe80::1": false,
		"0.0.0.0": false, "0.1.2.3": false, "::": false, "100.100.100.200": false, "fd00:ec2::254": false,
		"224.0.0.1": false, "255.255.255.255": false, "ff02::1": false, "64:ff9b::a9fe:a9fe": false,
	} {
		if err := Check(netip.MustParseAddr(addr)); (err == nil) != ok {
			t.Errorf("CF-15 %s: %v", addr, err)
		}
	}
}

func TestOwnListenersAreNotDialled(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer ln.Close()
	port := ln.Addr().(*net.TCPAddr).Port
	for _, c := range []struct {
		name string
		own  []net.Addr
		ok   bool
	}{
		{"a stranger's listener on another port", []net.Addr{&net.TCPAddr{IP: net.IPv4zero, Port: port + 1}}, true},
		{"CF-15 bound to this address", []net.Addr{ln.Addr()}, false},
		{"CF-15 bound to every address", []net.Addr{&net.TCPAddr{IP: net.IPv6unspecified, Port: port}}, false},
		{"CF-15 bound without an address", []net.Addr{&net.TCPAddr{Port: port}}, false},
		{"bound to another address", []net.Addr{&net.TCPAddr{IP: net.IPv4(127, 0, 0, 2), Port: port}}, true},
		{"UDP does not count", []net.Addr{&net.UDPAddr{Port: port}}, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			conn, err := Dialer(time.Second, func() []net.Addr { return c.own }).Dial("tcp", ln.Addr().String())
			if err == nil {
				conn.Close()
			}
			if (err == nil) != c.ok || err != nil && !errors.Is(err, ErrForbidden) {
				t.Errorf("got %v", err)
			}
		})
	}
}

func TestAResolvedNameIsJudgedByItsAddress(t *testing.T) {
	own := func() []net.Addr { return []net.Addr{&net.TCPAddr{Port: 9}} }
	if _, err := Dialer(time.Second, own).Dial("tcp", "localhost:9"); !errors.Is(err, ErrForbidden) {
		t.Errorf("CF-15 got %v", err)
	}
}
