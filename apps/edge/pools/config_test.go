package pools

import (
	"strings"
	"testing"
)

func TestDialAddresses(t *testing.T) {
	for dial, ok := range map[string]bool{
		"10.0.0.5:8096": true, "[fd12::1]:80": true, "nas.lan:443": true, "nas:80": true, "my_app.internal.:1": true, "localhost:65535": true,
		"1password.test:80": true, "127.0.0.1:9": true,
		"": false, "10.0.0.5": false, "10.0.0.5:0": false, "10.0.0.5:65536": false, "10.0.0.5:080": false, "10.0.0.5:+80": false, "10.0.0.5:80-90": false,
		"unix//run/x.sock": false, "unix/x:80": false, "unix//run/x:80": false, "tcp/10.0.0.5:80": false, "udp/10.0.0.5:80": false, "fd/3:80": false,
		"{env.HOST}:80": false, "a b:80": false, "a/b:80": false, "http://a:80": false, ":80": false, "a..b:80": false,
		"169.254.169.254:80": false, "0.0.0.0:80": false, "[::]:80": false, "[fe80::1%eth0]:80": false, "[fe80::1]:80": false, "100.100.100.200:80": false, "[fd00:ec2::254]:80": false,
		"10.1:80": false, "2130706433:80": false, "0x7f.1:80": false, "0177.0.0.01:80": false,
	} {
		if err := checkDial(dial); (err == nil) != ok {
			t.Errorf("CF-15 %q: %v", dial, err)
		}
	}
}

func TestConfigIsRefusedWithItsField(t *testing.T) {
	good := func() Config {
		return Config{Targets: []Target{{Dial: "a:80"}}, Protocol: "http", Health: Health{Kind: "tcp"}}
	}
	for field, spoil := range map[string]func(*Config){
		"protocol":          func(c *Config) { c.Protocol = "h2c" },
		"targets":           func(c *Config) { c.Targets = make([]Target, 101) },
		"targets[0].weight": func(c *Config) { c.Targets[0].Weight = -1 },
		"targets[1].dial":   func(c *Config) { c.Targets = append(c.Targets, c.Targets[0]) },
		"targets[0].dial":   func(c *Config) { c.Targets[0].Dial = "unix//x" },
		"health.kind":       func(c *Config) { c.Health.Kind = "ping" },
		"health.path":       func(c *Config) { c.Health.Path = "x" },
		"health.interval_s": func(c *Config) { c.Health.IntervalS = -1 },
		"health.timeout_s":  func(c *Config) { c.Health.TimeoutS = 61 },
	} {
		c := good()
		spoil(&c)
		if err := c.check(); err == nil || !strings.HasPrefix(err.Error(), field+": ") {
			t.Errorf("%s: %v", field, err)
		}
	}
	c := good()
	if err := c.check(); err != nil || c.Targets[0].Weight != 1 || c.Health.IntervalS != 15 || c.Health.TimeoutS != 5 || c.Health.Path != "/" {
		t.Errorf("defaults: %v %+v", err, c)
	}
}

func TestChoiceByWeight(t *testing.T) {
	s := newTargets("unwatched", []Target{{"a:1", 6}, {"b:1", 3}, {"c:1", 1}})
	var got [3]int
	for range 10000 {
		i, _ := s.choose(nil)
		got[i]++
	}
	for i, want := range []int{6000, 3000, 1000} {
		if got[i] < want*9/10 || got[i] > want*11/10 {
			t.Errorf("target %d: %d, want about %d", i, got[i], want)
		}
	}
	for range 100 {
		if i, _ := s.choose([]string{"a:1", "c:1"}); i != 1 {
			t.Fatalf("picked %d again", i)
		}
	}
	if i, _ := s.choose([]string{"a:1", "b:1", "c:1"}); i != -1 {
		t.Errorf("picked %d of none", i)
	}
}

func BenchmarkChoose(b *testing.B) {
	s := newTargets("unwatched", []Target{{"a:1", 6}, {"b:1", 3}, {"c:1", 1}})
	b.ReportAllocs()
	for b.Loop() {
		s.choose(nil)
	}
}
