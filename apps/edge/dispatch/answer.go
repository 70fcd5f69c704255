package dispatch

import (
	"net/http"
	"strconv"

	"github.com/caddyserver/caddy/v2/modules/caddyhttp"

	"argos/edge/live"
	"argos/edge/requests"
)

// remember leaves the record where the error routes, the access log and Caddy's own modules look for it.
// Variables are written here only, before any proxy attempt: a dial of an earlier attempt may read them.
func remember(r *http.Request, rec *requests.Record) {
	ctx := r.Context()
	caddyhttp.SetVar(ctx, requests.VarName, rec)
	if rec.Client.IsValid() {
		caddyhttp.SetVar(ctx, caddyhttp.ClientIPVarKey, rec.Client.String())
	}
	if extra, ok := ctx.Value(caddyhttp.ExtraLogFieldsCtxKey).(*caddyhttp.ExtraLogFields); ok {
		extra.Set(rec.LogField())
	}
}

// redirect sends to HTTPS and returns the status. Only the canonical name is used, never the Host as it was sent.
func redirect(w http.ResponseWriter, r *http.Request, rec *requests.Record) int {
	host := rec.Name
	if port := live.CurrentSettings().HTTPSPort; port != 443 {
		host += ":" + strconv.Itoa(port)
	}
	h := w.Header()
	h.Del("Server")
	h.Set("Location", "https://"+host+requestURI(r))
	h.Set("Content-Length", "0")
	h.Set("Connection", "close")
	h.Set("X-Request-Id", rec.ID)
	w.WriteHeader(http.StatusPermanentRedirect)
	return http.StatusPermanentRedirect
}

// requestURI is the path and query as they were sent; an absolute URI without its authority.
func requestURI(r *http.Request) string {
	if uri := r.RequestURI; len(uri) > 0 && uri[0] == '/' {
		return uri
	}
	if uri := r.URL.RequestURI(); len(uri) > 0 && uri[0] == '/' {
		return uri
	}
	return "/"
}

// plain answers without a word about who is here.
func plain(w http.ResponseWriter, status int) {
	body := http.StatusText(status) + "\n"
	h := w.Header()
	h.Del("Server")
	h.Del("Alt-Svc")
	h.Set("Content-Type", "text/plain; charset=utf-8")
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
	_, _ = w.Write([]byte(body))
}

// statusOf reads what was answered from Caddy's recorder; 0 when the access log is off or nothing was.
func statusOf(w http.ResponseWriter) int {
	if rec, ok := w.(caddyhttp.ResponseRecorder); ok {
		return rec.Status()
	}
	return 0
}
