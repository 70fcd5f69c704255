package gate

import (
	"net/http"
	"net/url"
	"strings"
	"time"

	"argos/edge/refusal"
	"argos/edge/requests"
)

const (
	longestLink    = 128
	longestSession = 366 * 24 * 3600
)

// own answers below /_argos/.
func (v *visit) own() error {
	v.rec.Policy = ownPath
	switch path, get := v.r.URL.Path, v.r.Method == http.MethodGet; {
	case path == ownPath+"/session" && get:
		return v.session()
	case path == ownPath+"/guest" && get:
		return v.guest()
	case path == ownPath+"/logout" && get:
		return v.logoutPage()
	case path == ownPath+"/logout" && v.r.Method == http.MethodPost:
		return v.logout()
	}
	return v.refuse("unknown", refusal.For(http.StatusNotFound, ""))
}

// entered is what the panel answers to a ticket and to a guest link.
type entered struct {
	Token  *string `json:"token"`
	Return string  `json:"rd"`
	MaxAge int     `json:"max_age_s"`
}

// let sets the host's cookie and goes where the visitor wanted to; false when there is nothing to set.
func (v *visit) let(e entered, prefix string) bool {
	if e.Token == nil || !requests.IsSessionToken(*e.Token) || e.MaxAge <= 0 {
		return false
	}
	v.cookie(requests.GateCookie, prefix+*e.Token, min(e.MaxAge, longestSession))
	v.rec.Stage, v.rec.Verdict = "gate", "entered"
	v.redirect(http.StatusSeeOther, local(e.Return))
	return true
}

// session takes a ticket. It is worth nothing without the secret that only this browser has.
func (v *visit) session() error {
	ticket, nonce := v.parameter("ticket"), v.rec.Nonce()
	if !v.rec.Secure || nonce == "" || !requests.IsSessionToken(ticket) {
		return v.stale()
	}
	var e entered
	err := ask(v.r.Context(), "/redeem", struct {
		Ticket string `json:"ticket"`
		Nonce  string `json:"nonce"`
		Host   string `json:"host"`
	}{hexSum(ticket), nonce, v.rec.HostID}, &e, 1)
	if err != nil {
		return v.failed(err)
	}
	if !v.let(e, "") {
		return v.stale()
	}
	return nil
}

// stale answers to a ticket that is none any more: whoever is signed in by now is let go on, the others start anew.
func (v *visit) stale() error {
	if c, ok := v.rec.Credential(); ok {
		if f, err := process.who(v.r.Context(), v.rec, v.asker(c), time.Now(), true); err == nil && f != nil {
			v.redirect(http.StatusSeeOther, "/")
			return nil
		}
	}
	a := refusal.For(http.StatusBadRequest, "")
	a.Title = "You are not signed in yet"
	a.Words = "This way back from signing in was used already, is too old, or began in another browser. Cookies must be allowed for this address."
	a.Code, a.Link, a.LinkText = "stale_ticket", "/", "Try again"
	return v.refuse("stale", a)
}

// guest takes the token of a link.
func (v *visit) guest() error {
	token := v.parameter("token")
	var e entered
	if v.rec.Secure && token != "" && len(token) <= longestLink {
		client := ""
		if v.rec.Client.IsValid() {
			client = v.rec.Client.String()
		}
		if err := ask(v.r.Context(), "/guest", struct {
			Token  string `json:"token"`
			Host   string `json:"host"`
			Client string `json:"client"`
		}{token, v.rec.HostID, client}, &e, 1); err != nil {
			return v.failed(err)
		}
	}
	if v.let(e, requests.GuestPrefix) {
		return nil
	}
	a := refusal.For(http.StatusForbidden, "")
	a.Title, a.Code = "This link is over", "guest_link"
	a.Words = "It has ended, was taken back, or is for another address. Ask for a new one."
	return v.refuse("stale", a)
}

// parameter reads one of the query; "" unless it is there once.
func (v *visit) parameter(name string) string {
	query, err := url.ParseQuery(v.r.URL.RawQuery)
	if err != nil || len(query[name]) != 1 {
		return ""
	}
	return query[name][0]
}

func (v *visit) logoutPage() error {
	return v.refuse("asked", refusal.Answer{
		Status: http.StatusOK, Title: "Sign out?", Words: "Signing out ends your session here, in the panel and in all other apps.",
		Actions: []refusal.Action{{Text: "Sign out"}, {Name: "here", Value: "1", Text: "Only here"}},
	})
}

// logout ends the session; the cookie goes when the panel has said that it did.
func (v *visit) logout() error {
	if !v.sameOrigin() {
		return v.denied()
	}
	c, ok := v.rec.Credential()
	if ok && c.By != requests.ByCookie && c.By != requests.ByGuest {
		return v.denied() // the password of an application is taken back in the panel
	}
	if ok {
		v.r.Body = http.MaxBytesReader(v.w, v.r.Body, 1<<10)
		client := ""
		if v.rec.Client.IsValid() {
			client = v.rec.Client.String()
		}
		sum := hexSum(c.Secret)
		if err := ask(v.r.Context(), "/logout", struct {
			Credential string `json:"credential"`
			Host       string `json:"host"`
			Client     string `json:"client"`
			Here       bool   `json:"here"`
		}{sum, v.rec.HostID, client, v.r.PostFormValue("here") == "1"}, nil, 1); err != nil {
			return v.failed(err)
		}
		Evict(Eviction{Credential: sum})
	}
	v.cookie(requests.GateCookie, "", 0)
	a := refusal.Answer{Status: http.StatusOK, Title: "You are signed out", Words: "To come back, sign in again.", Link: "/", LinkText: "Sign in"}
	return v.refuse("signed_out", a)
}

// sameOrigin tells whether one of our own pages sent the form (CS).
func (v *visit) sameOrigin() bool {
	if site := v.r.Header.Get("Sec-Fetch-Site"); site != "" {
		return site == "same-origin"
	}
	return strings.EqualFold(v.r.Header.Get("Origin"), "https://"+v.r.Host)
}
