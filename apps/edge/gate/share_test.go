package gate

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"argos/edge/requests"
)

func TestWhoMakesCredentialsUpMakesOnlyHimselfWait(t *testing.T) {
	var asked atomic.Int64
	hold := make(chan struct{})
	listenAs(t, func(c net.Conn) {
		if asked.Add(1) <= perAddress { // his are not answered
			<-hold
		}
		says(whole("200 OK", "application/json", known))(c)
	})
	k := newKeeper(64)
	var flood sync.WaitGroup
	ask := func(name, client string) error {
		a := asker{key: keyNamed(name), client: netip.MustParseAddr(client)}
		_, err := k.who(context.Background(), new(requests.Record), a, time.Now(), true)
		return err
	}
	for n := range 200 {
		flood.Go(func() { _ = ask(fmt.Sprint("made up ", n), fmt.Sprintf("2001:db8::%x", n+1)) })
	}
	for asked.Load() < perAddress {
		time.Sleep(time.Millisecond)
	}
	if err := ask("mine", "2001:db8:0:1::1"); err != nil {
		t.Errorf("FA-18 %v", err)
	}
	if n := asked.Load(); n != perAddress+1 {
		t.Errorf("FA-18 %d questions of one household at once", n-1)
	}
	close(hold)
	flood.Wait()
	k.shares.mu.Lock()
	defer k.shares.mu.Unlock()
	if n := len(k.shares.of); n != 0 {
		t.Errorf("%d shares are left", n)
	}
}

func TestHouseholds(t *testing.T) {
	for client, want := range map[string]string{
		"203.0.113.7": "203.0.113.7/32", "::ffff:203.0.113.7": "203.0.113.7/32",
		"2001:db8::1": "2001:db8::/64", "fe80::1%eth0": "fe80::/64",
	} {
		if got := household(netip.MustParseAddr(client)).String(); got != want {
			t.Errorf("%s: %s", client, got)
		}
	}
	if household(netip.Addr{}).IsValid() {
		t.Error("an unknown address")
	}
}
