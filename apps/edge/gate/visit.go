package gate

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"argos/edge/refusal"
	"argos/edge/requests"
)

// visit is one request at the gate, and the answers the gate gives by itself.
type visit struct {
	w   http.ResponseWriter
	r   *http.Request
	rec *requests.Record
}

const (
	longestReturn = 2048
	stateSeconds  = 600
)

func (v *visit) asker(c requests.Credential) asker {
	return asker{key: keyOf(c, v.rec.HostID), name: v.rec.Name, client: v.rec.Client}
}

// browser tells whether somebody will read the answer as a page.
func (v *visit) browser() bool {
	switch v.r.Header.Get("Sec-Fetch-Mode") {
	case "navigate":
		return true
	case "":
		return strings.Contains(v.r.Header.Get("Accept"), "text/html")
	}
	return false
}

// mayLeave tells whether the request may be answered by a redirect, and is asked for again afterwards.
func (v *visit) mayLeave() bool {
	return v.browser() && (v.r.Method == http.MethodGet || v.r.Method == http.MethodHead)
}

func (v *visit) refuse(verdict string, a refusal.Answer) error {
	v.rec.Stage, v.rec.Verdict = "gate", verdict
	a.ID, a.JSON = v.rec.ID, !v.browser()
	return refusal.Write(v.w, v.r, a)
}

func (v *visit) signIn() error {
	counters.signIn.Inc()
	login := current().Login
	if login != "" && v.rec.Secure && v.mayLeave() {
		return v.leave("sign_in", login, "")
	}
	a := refusal.For(http.StatusUnauthorized, "")
	a.Code, a.Login = "sign_in", login
	switch {
	case !v.rec.Secure:
		a.Words, a.Login = "This address asks people to sign in, which needs HTTPS. Open it with https://, or ask whoever runs it.", ""
	case login == "":
		a.Words = "This address asks people to sign in, and there is no place for that yet: the panel has no name. Whoever runs it gives it one under Settings."
	case v.browser():
		a.Link, a.LinkText = "/", "Sign in"
	}
	v.challenge()
	return v.refuse("sign_in", a)
}

// challenge is what programs wait for until they send a password. Browsers would ask for one in a window of their own.
func (v *visit) challenge() {
	h := v.r.Header
	if v.browser() || h.Get("Sec-Fetch-Mode") != "" || h.Get("Origin") != "" || h.Get("X-Requested-With") != "" || len(v.rec.Cookies) > 0 {
		v.w.Header().Set("WWW-Authenticate", "Bearer")
		return
	}
	v.w.Header().Set("WWW-Authenticate", `Basic realm="`+v.rec.Name+`", charset="UTF-8"`)
}

func (v *visit) factor() error {
	counters.factor.Inc()
	login := current().Login
	if login != "" && v.rec.Secure && v.mayLeave() {
		return v.leave("factor", login, "&factor=1")
	}
	a := refusal.For(http.StatusUnauthorized, "")
	a.Title, a.Words = "Confirm who you are", "This address asks for a second factor that was given lately. Open it in a browser and give it again."
	a.Code, a.Login = "factor", login
	if v.browser() {
		a.Link, a.LinkText = "/", "Go on"
	}
	v.w.Header().Set("WWW-Authenticate", "Bearer")
	return v.refuse("factor", a)
}

func (v *visit) denied() error {
	counters.policy.Inc()
	a := refusal.For(http.StatusForbidden, "")
	a.Code = "denied"
	return v.refuse("denied", a)
}

// failed answers when nobody could be asked.
func (v *visit) failed(err error) error {
	var t throttled
	switch {
	case v.rec.Killed():
		return requests.ErrCancelled
	case v.r.Context().Err() != nil:
		return context.Cause(v.r.Context())
	case errors.As(err, &t):
		counters.guess.Inc()
		a := refusal.For(http.StatusTooManyRequests, "")
		a.Words, a.Code, a.Retry = "There were too many wrong passwords from this address. Wait, then try again.", "throttled", t.seconds
		return v.refuse("throttled", a)
	}
	counters.away.Inc()
	a := refusal.For(http.StatusServiceUnavailable, "")
	a.Words, a.Code, a.Retry = "Who may come in cannot be asked at the moment. This page tries again by itself.", "panel_away", 5
	return v.refuse("panel_away", a)
}

// leave goes to the panel, with a way back that is good in this browser only. Tabs that are opened together
// share its secret: a second one would take the first one's way back.
func (v *visit) leave(verdict, login, more string) error {
	nonce := v.rec.Nonce()
	if nonce == "" {
		var b [32]byte
		_, _ = rand.Read(b[:]) // never fails
		nonce = base64.RawURLEncoding.EncodeToString(b[:])
	}
	sum := sha256.Sum256([]byte(nonce))
	v.cookie(requests.StateCookie, nonce, stateSeconds)
	v.rec.Stage, v.rec.Verdict = "gate", verdict
	v.redirect(http.StatusFound, login+"/authorize?host="+url.QueryEscape(v.rec.HostID)+"&name="+url.QueryEscape(v.rec.Name)+
		"&rd="+url.QueryEscape(v.way())+"&state="+base64.RawURLEncoding.EncodeToString(sum[:])+more)
	return nil
}

// way is where this request wants to, on this host.
func (v *visit) way() string {
	if uri := v.r.URL.RequestURI(); len(uri) <= longestReturn {
		return local(uri)
	}
	return "/"
}

// local keeps a way within this host: anything browsers may read as another one is the start page.
func local(rd string) string {
	if len(rd) == 0 || rd[0] != '/' || strings.HasPrefix(rd, "//") || strings.ContainsAny(rd, "\\\t\r\n") {
		return "/"
	}
	path, _, _ := strings.Cut(rd, "?")
	if under(path, ownPath) {
		return "/"
	}
	for i := range len(rd) {
		if rd[i] <= ' ' || rd[i] >= 0x7f {
			return "/"
		}
	}
	return rd
}

func (v *visit) redirect(status int, to string) {
	h := v.w.Header()
	h.Del("Server")
	h.Set("Location", to)
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("Content-Length", "0")
	h.Set("X-Request-Id", v.rec.ID)
	v.w.WriteHeader(status)
}

// cookie sets one of ours; 0 seconds take it away.
func (v *visit) cookie(name, value string, seconds int) {
	v.w.Header().Add("Set-Cookie", name+"="+value+"; Path=/; Max-Age="+strconv.Itoa(seconds)+"; Secure; HttpOnly; SameSite=Lax")
}
