package gate

import (
	"net/netip"
	"testing"
	"time"

	"github.com/caddyserver/caddy/v2"
)

func TestAPolicyNobodyKnowsIsRefused(t *testing.T) {
	for raw, ok := range map[string]bool{
		`{"kind":"public"}`:                      true,
		`{"kind":"rules"}`:                       true, // nobody
		`{"kind":"rules","id":"o_1","any":[{}]}`: true,
		`{"kind":"rules","any":[{"person":true,"people":["u"],"groups":["g"],"networks":["10.0.0.0/8","fd00::/8"],"times":[{"days":[1],"from":"08:00","to":"24:00","zone":"Europe/Berlin"}],"factor_s":60}]}`: true,
		`{"kind":"rules","any":[],"paths":[{"prefix":"/a","any":[]},{"prefix":"/b/","kind":"public"},{"prefix":"/c","kind":"rules"}]}`:                                                                        true,

		`{}`: false, `{"kind":""}`: false, `{"kind":"sign_in"}`: false, `{"kind":"Public"}`: false,
		`{"kind":"public","any":[{}]}`:                                                                  false,
		`{"kind":"rules","every":[]}`:                                                                   false,
		`{"kind":"rules","any":[{"country":"de"}]}`:                                                     false,
		`{"kind":"rules","any":[{"people":[]}]}`:                                                        false,
		`{"kind":"rules","any":[{"groups":[]}]}`:                                                        false,
		`{"kind":"rules","any":[{"networks":[]}]}`:                                                      false,
		`{"kind":"rules","any":[{"times":[]}]}`:                                                         false,
		`{"kind":"rules","any":[{"networks":["10.0.0.1"]}]}`:                                            false,
		`{"kind":"rules","any":[{"networks":["::ffff:10.0.0.0/104"]}]}`:                                 false,
		`{"kind":"rules","any":[{"networks":["fe80::%eth0/64"]}]}`:                                      false,
		`{"kind":"rules","any":[{"factor_s":-1}]}`:                                                      false,
		`{"kind":"rules","any":[{"factor_s":1e12}]}`:                                                    false,
		`{"kind":"rules","any":[{"times":[{"days":[7],"from":"08:00","to":"09:00","zone":"UTC"}]}]}`:    false,
		`{"kind":"rules","any":[{"times":[{"days":[],"from":"08:00","to":"09:00","zone":"UTC"}]}]}`:     false,
		`{"kind":"rules","any":[{"times":[{"days":[1],"from":"08:00","to":"08:00","zone":"UTC"}]}]}`:    false,
		`{"kind":"rules","any":[{"times":[{"days":[1],"from":"8:00","to":"09:00","zone":"UTC"}]}]}`:     false,
		`{"kind":"rules","any":[{"times":[{"days":[1],"from":"08:00","to":"24:01","zone":"UTC"}]}]}`:    false,
		`{"kind":"rules","any":[{"times":[{"days":[1],"from":"08:60","to":"09:00","zone":"UTC"}]}]}`:    false,
		`{"kind":"rules","any":[{"times":[{"days":[1],"from":"08:00","to":"09:00","zone":""}]}]}`:       false,
		`{"kind":"rules","any":[{"times":[{"days":[1],"from":"08:00","to":"09:00","zone":"Mars/X"}]}]}`: false,
		`{"kind":"rules","paths":[{"prefix":"/"}]}`:                                                     false,
		`{"kind":"rules","paths":[{"prefix":"x"}]}`:                                                     false,
		`{"kind":"rules","paths":[{"prefix":"/a/../b"}]}`:                                               false,
		`{"kind":"rules","paths":[{"prefix":"/a%2fb"}]}`:                                                false,
		`{"kind":"rules","paths":[{"prefix":"/a"},{"prefix":"/A/"}]}`:                                   false,
		`{"kind":"rules","paths":[{"prefix":"/_argos/x","kind":"public"}]}`:                             false,
		`{"kind":"rules","paths":[{"prefix":"/a","kind":"public","any":[{}]}]}`:                         false,
		`{"kind":"rules","paths":[{"prefix":"/a","kind":"open"}]}`:                                      false,
	} {
		var g Gate
		err := strict([]byte(`{"policy":`+raw+`}`), &g)
		if err == nil {
			err = g.Provision(caddy.Context{})
		}
		if (err == nil) != ok {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

func TestClauses(t *testing.T) {
	monday := time.Date(2026, 6, 1, 10, 0, 0, 0, time.UTC) // noon in Berlin
	lan, wan := netip.MustParseAddr("10.1.2.3"), netip.MustParseAddr("203.0.113.9")
	who := func(person, source string, factorAgo time.Duration, groups ...string) *facts {
		f := &facts{source: source, groups: groups}
		f.who.Person = person
		if factorAgo >= 0 {
			f.factorAt = monday.Add(-factorAgo)
		}
		return f
	}
	anna, bob := who("u_anna", sourceSession, -1, "g_family"), who("u_bob", sourceSession, time.Minute)
	app, guest := who("u_anna", sourceApp, -1, "g_family"), who("", sourceGuest, -1)
	const lanOnly = `{"networks":["10.0.0.0/8"]}`
	for _, c := range []struct {
		any    string
		f      *facts
		client netip.Addr
		want   verdict
	}{
		{`[]`, nil, lan, denied}, {`[]`, anna, lan, denied}, {`[]`, guest, lan, denied},
		{`[{}]`, nil, wan, passes},
		{`[{"person":true}]`, nil, lan, signIn}, {`[{"person":true}]`, bob, lan, passes}, {`[{"person":true}]`, app, lan, passes}, {`[{"person":true}]`, guest, lan, passes},
		{`[` + lanOnly + `]`, nil, lan, passes}, {`[` + lanOnly + `]`, nil, wan, denied}, {`[` + lanOnly + `]`, anna, wan, denied}, {`[` + lanOnly + `]`, nil, netip.Addr{}, denied},
		{`[` + lanOnly + `,{"person":true}]`, nil, wan, signIn}, {`[` + lanOnly + `,{"person":true}]`, nil, lan, passes},
		{`[{"person":true,"networks":["10.0.0.0/8"]}]`, anna, wan, denied}, {`[{"person":true,"networks":["10.0.0.0/8"]}]`, nil, wan, denied}, {`[{"person":true,"networks":["10.0.0.0/8"]}]`, guest, wan, denied},
		{`[{"people":["u_anna"]}]`, anna, lan, passes}, {`[{"people":["u_anna"]}]`, bob, lan, denied}, {`[{"groups":["g_family"]}]`, anna, lan, passes}, {`[{"groups":["g_family"]}]`, bob, lan, denied},
		{`[{"people":["u_bob"],"groups":["g_family"]}]`, anna, lan, passes}, {`[{"people":["u_bob"],"groups":["g_family"]}]`, bob, lan, passes},
		{`[{"factor_s":3600}]`, nil, lan, signIn}, {`[{"factor_s":3600}]`, bob, lan, passes}, {`[{"factor_s":30}]`, bob, lan, factorTooOld}, {`[{"factor_s":3600}]`, anna, lan, factorTooOld},
		{`[{"factor_s":60}]`, bob, lan, passes}, {`[{"factor_s":59}]`, bob, lan, factorTooOld},
		{`[{"factor_s":3600}]`, app, lan, denied}, {`[{"factor_s":3600}]`, guest, lan, denied}, // they cannot give one
		{`[{"factor_s":30},{"groups":["g_x"]}]`, bob, lan, factorTooOld}, {`[{"factor_s":30},{"person":true}]`, bob, lan, passes},
		{`[{"factor_s":3600}]`, who("u", sourceSession, -2*time.Hour), lan, factorTooOld},
		{`[{"times":[{"days":[1],"from":"12:00","to":"12:01","zone":"Europe/Berlin"}]}]`, nil, wan, passes},
		{`[{"times":[{"days":[1],"from":"11:00","to":"12:00","zone":"Europe/Berlin"}]}]`, nil, wan, denied},
		{`[{"times":[{"days":[1],"from":"12:00","to":"12:01","zone":"UTC"}]}]`, nil, wan, denied},
		{`[{"times":[{"days":[0],"from":"22:00","to":"12:01","zone":"Europe/Berlin"}]}]`, nil, wan, passes},
		{`[{"times":[{"days":[1],"from":"22:00","to":"12:01","zone":"Europe/Berlin"}]}]`, nil, wan, denied},
		{`[{"person":true,"times":[{"days":[2],"from":"00:00","to":"24:00","zone":"UTC"}]}]`, anna, wan, denied},
	} {
		p := policyOf(t, `{"kind":"rules","any":`+c.any+`}`)
		if got := p.compiled.judge(c.f, here{c.client, monday}); got != c.want {
			t.Errorf("%s from %s by %+v: %d, want %d", c.any, c.client, c.f, got, c.want)
		}
	}
	stricter := policyOf(t, `{"kind":"rules","any":[{"person":true}],"paths":[{"prefix":"/admin","any":[{"person":true}]}]}`)
	if stricter.paths[0].judge(guest, here{lan, monday}) == passes {
		t.Error("a guest opens a path with a policy of its own")
	}
}

func TestTightened(t *testing.T) {
	const people, all, two = `{"kind":"rules","any":[{"person":true}]}`, `{"kind":"public"}`, `{"kind":"rules","any":[{"networks":["10.0.0.0/8"]},{"person":true}]}`
	path := func(of string) string { return `{"kind":"rules","any":[{"person":true}],"paths":[` + of + `]}` }
	for _, c := range []struct {
		old, next string
		want      bool
	}{
		{all, all, false}, {people, people, false}, {all, people, true}, {people, all, false}, {all, `{"kind":"rules","any":[{}]}`, false},
		{people, two, false}, {two, people, true}, {people, `{"kind":"rules","any":[]}`, true}, {two, `{"kind":"rules","any":[{}]}`, false},
		{people, `{"kind":"rules","any":[{"people":["u"]}]}`, true}, {people, `{"kind":"rules","any":[{"person":true,"factor_s":9}]}`, true},
		{people, `{"kind":"rules","id":"another","any":[{"person":true}]}`, false},
		{people, path(`{"prefix":"/a","kind":"public"}`), true}, {path(`{"prefix":"/a","kind":"public"}`), people, true}, // in doubt
		{path(`{"prefix":"/a","kind":"public"}`), path(`{"prefix":"/a","any":[{"person":true}]}`), true},
		{path(`{"prefix":"/a","any":[{"person":true}]}`), path(`{"prefix":"/a","kind":"public"}`), false},
		{path(`{"prefix":"/a","any":[{"person":true}]}`), path(`{"prefix":"/a","any":[{"person":true},{"people":["u"]}]}`), false},
		{all, path(`{"prefix":"/a","kind":"public"}`), true},
		{`{"kind":"new"}`, people, true}, {people, `{"kind":"new"}`, true}, {`"nonsense"`, all, true}, {people, `"nonsense"`, true},
	} {
		if got := Tightened([]byte(`{"policy":`+c.old+`,"keep":true}`), []byte(`{"policy":`+c.next+`}`)); got != c.want {
			t.Errorf("%s to %s: %v", c.old, c.next, got)
		}
	}
}
