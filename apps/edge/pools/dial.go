package pools

import (
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"strings"

	"argos/edge/dialguard"
	"argos/edge/live"
)

// checkDial accepts host:port and nothing else that Caddy would take for a network address: no sockets,
// no port ranges, no placeholders. Names are judged when they are dialled.
func checkDial(dial string) error {
	host, port, err := net.SplitHostPort(dial)
	if err != nil {
		return errors.New("a target is host:port")
	}
	if n, err := strconv.ParseUint(port, 10, 16); err != nil || n == 0 || strconv.FormatUint(n, 10) != port {
		return fmt.Errorf("%q is not a port", port)
	}
	if addr, err := netip.ParseAddr(host); err == nil {
		if addr.Zone() != "" {
			return errors.New("an address with a zone is not a target")
		}
		return dialguard.Check(addr)
	}
	return checkHostname(host)
}

func checkHostname(host string) error {
	if host == "" || len(host) > 253 {
		return errors.New("a host has 1 to 253 characters")
	}
	for label := range strings.SplitSeq(strings.TrimSuffix(host, "."), ".") {
		if label == "" || len(label) > 63 {
			return fmt.Errorf("%q is not a host", host)
		}
		for i := range len(label) {
			c := label[i] | 0x20
			if (c < 'a' || c > 'z') && (label[i] < '0' || label[i] > '9') && label[i] != '-' && label[i] != '_' {
				return fmt.Errorf("%q is not a host", host)
			}
		}
	}
	if digitsAndDots(host) { // "10.1", "0177.0.0.1": resolvers read numbers into these
		return fmt.Errorf("%q is not an address", host)
	}
	return nil
}

func digitsAndDots(s string) bool {
	last := s[strings.LastIndexByte(s, '.')+1:]
	_, err := strconv.ParseUint(last, 0, 64)
	return err == nil
}

func ownListeners() []net.Addr {
	if own := live.CurrentSettings().Listeners; own != nil {
		return own()
	}
	return nil
}
