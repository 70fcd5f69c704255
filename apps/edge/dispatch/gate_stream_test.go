package dispatch_test

import (
	"io"
	"testing"
	"time"

	"argos/edge/requests"
)

func TestASessionEndsWhenItEnds(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	ends := time.Now().Add(700 * time.Millisecond)
	secret := panel.know(newToken(), "h_a", with(anna(), m{"until": ends.UnixMilli()}))
	if got := get(t, "https://a.test/", "Cookie", "__Host-argos="+secret); got.status != 200 {
		t.Fatal(got.status)
	}
	eventually(t, 3*time.Second, "FA-21 denied at its end", func() bool {
		begun := time.Now()
		got := get(t, "https://a.test/", "Cookie", "__Host-argos="+secret).status
		if got == 200 && begun.After(ends) {
			t.Errorf("FA-21 let in %s after its end", begun.Sub(ends))
		}
		return got == 401
	})
}

func TestAStreamEndsWithItsSession(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	ends := time.Now().Add(time.Second)
	short := func(facts m) string { return panel.know(newToken(), "h_a", with(facts, m{"until": ends.UnixMilli()})) }
	over, prolonged := short(anna()), short(bob())
	ended, goesOn := make(chan string, 3), make(chan string, 1)
	watch(t, ended, "events", false, "https://a.test/events", "__Host-argos="+over)
	watch(t, ended, "events, HTTP/2", true, "https://a.test/events", "__Host-argos="+over)
	ws := socketAs(t, "a.test", "__Host-argos="+over)
	go func() {
		io.Copy(io.Discard, ws)
		ended <- "socket"
	}()
	watch(t, goesOn, "of one who is about", false, "https://a.test/events", "__Host-argos="+prolonged)
	panel.know(prolonged, "h_a", bob())
	for range 3 {
		select {
		case name := <-ended:
			if time.Now().Before(ends) {
				t.Errorf("FA-21 %s has ended too early", name)
			}
		case <-time.After(5 * time.Second):
			t.Fatal("FA-21 a stream outlasts its session")
		}
	}
	eventually(t, 5*time.Second, "the prolonged one was asked for again", func() bool { return panel.askedFor(prolonged) == 2 })
	eventually(t, 5*time.Second, "the others are over", func() bool { return requests.Open() == 1 })
	select {
	case <-goesOn:
		t.Error("FA-21 the stream of a prolonged session was cut")
	default:
	}
}

func TestAStricterPolicyCutsStreamsAndAWiderOneDoesNot(t *testing.T) {
	up, panel := anUpstream(t), aDoorkeeper(t)
	serve(t, map[string]m{"h_a": guarded("a.test", people, nil)}, map[string]m{"p": aPool(up.addr())})
	ended := make(chan string, 1)
	watch(t, ended, "events", false, "https://a.test/events", panel.signedIn("h_a", anna()))
	swap(map[string]m{"h_a": guarded("a.test", append(a{m{"networks": a{"10.0.0.0/8"}}}, people...), m{"id": "o_9"})}, nil)
	eventually(t, 5*time.Second, "the stream is open", func() bool { return requests.Open() == 1 })
	select {
	case <-ended:
		t.Fatal("cut by a policy that lets more in")
	case <-time.After(50 * time.Millisecond):
	}
	swap(map[string]m{"h_a": guarded("a.test", a{m{"people": a{"u_bob"}}}, nil)}, nil)
	select {
	case <-ended:
	case <-time.After(time.Second):
		t.Error("goes on under a policy that does not let it in")
	}
}
