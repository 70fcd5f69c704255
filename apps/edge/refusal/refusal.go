// Package refusal writes the edge's own answers: a small page for browsers, problem JSON or one plain
// line for the rest.
//
// It promises at most 4 kB, no script, nothing of what the request said, and no word about the
// machines behind the host. It keeps nothing.
package refusal

import (
	"bytes"
	"crypto/sha256"
	_ "embed" // the page
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html/template"
	"net/http"
	"strconv"
	"strings"
)

//go:embed page.html
var pageText string

//go:embed page.css
var styleText string

var (
	page  = template.Must(template.New("page").Parse(pageText))
	style = strings.TrimSpace(styleText)
	// The page may load nothing, and use no style but its own.
	policy     = "default-src 'none'; base-uri 'none'; form-action 'none'; style-src 'sha256-" + digest(style) + "'"
	formPolicy = strings.Replace(policy, "form-action 'none'", "form-action 'self'; frame-ancestors 'none'", 1)
)

func digest(s string) string {
	sum := sha256.Sum256([]byte(s))
	return base64.StdEncoding.EncodeToString(sum[:])
}

// Answer is what is said.
type Answer struct {
	Status int
	Title  string
	Words  string
	// The request's id, also sent as X-Request-Id.
	ID string
	// Seconds after which it is worth trying again: Retry-After, and the page reloads itself. 0: none.
	Retry int
	// What programs tell the reasons apart by, and where people sign in; in problem JSON only. Default: none.
	Code, Login string
	// Answer with problem JSON whatever is asked for. Default: as Accept says.
	JSON bool
	// A way on, within this host. Default: none.
	Link, LinkText string
	// Buttons that post to the same address. Default: none.
	Actions []Action
}

// Action is a button of the page.
type Action struct{ Name, Value, Text string }

// For returns the words for a status.
func For(status int, id string) Answer {
	a := Answer{Status: status, ID: id}
	switch {
	case status == http.StatusNotFound:
		a.Title, a.Words = "Not found", "There is nothing at this address."
	case status == http.StatusMisdirectedRequest:
		a.Title, a.Words = "Wrong connection", "This connection was made for another name. Reload the page."
	case status == http.StatusUnauthorized:
		a.Title, a.Words = "Sign in first", "This address is for people who have signed in."
	case status == http.StatusTooManyRequests:
		a.Title, a.Words = "Too often", "There were too many requests. Wait, then try again."
	case status == http.StatusForbidden:
		a.Title, a.Words = "Not allowed", "You may not see this page."
	case status == http.StatusBadGateway:
		a.Title, a.Words = "The service does not answer", "The service behind this address cannot be reached. It may be starting or switched off."
	case status == http.StatusServiceUnavailable:
		a.Title, a.Words, a.Retry = "Not available now", "The service behind this address is not available at the moment. Try again soon.", 10
	case status == http.StatusGatewayTimeout:
		a.Title, a.Words = "The service is too slow", "The service behind this address did not answer in time."
	case status >= 500:
		a.Title, a.Words = "Something went wrong", "The request could not be answered."
	default:
		a.Title, a.Words = "Not possible", "The request was not accepted."
		if t := http.StatusText(status); t != "" {
			a.Title = t
		}
	}
	return a
}

// Write answers the request in the form it asks for. Headers of an answer that was begun and given up are dropped.
func Write(w http.ResponseWriter, r *http.Request, a Answer) error {
	kind, body, err := render(r, a)
	if err != nil {
		return fmt.Errorf("rendering the page for %d: %w", a.Status, err)
	}
	h := w.Header()
	for _, k := range []string{"Server", "Content-Encoding", "Content-Range", "Accept-Ranges", "Etag", "Last-Modified", "Trailer", "Via"} {
		h.Del(k)
	}
	h.Set("Content-Type", kind)
	h.Set("Content-Length", strconv.Itoa(len(body)))
	h.Set("Cache-Control", "no-store")
	h.Set("Content-Security-Policy", policy)
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("Referrer-Policy", "no-referrer")
	if len(a.Actions) > 0 { // else the browser would not say where the form comes from
		h.Set("Content-Security-Policy", formPolicy)
		h.Set("Referrer-Policy", "same-origin")
	}
	h.Set("Vary", "Accept")
	if a.ID != "" {
		h.Set("X-Request-Id", a.ID)
	}
	if a.Retry > 0 {
		h.Set("Retry-After", strconv.Itoa(a.Retry))
	}
	w.WriteHeader(a.Status)
	if r.Method == http.MethodHead {
		return nil
	}
	_, _ = w.Write(body) // a visitor who left is no error of ours
	return nil
}

func render(r *http.Request, a Answer) (kind string, body []byte, err error) {
	accept := r.Header.Get("Accept")
	switch {
	case a.JSON:
		return a.problem()
	case strings.Contains(accept, "text/html"):
		var b bytes.Buffer
		err = page.Execute(&b, struct {
			Answer
			Style template.CSS
		}{a, template.CSS(style)}) //nolint:gosec // our own file
		return "text/html; charset=utf-8", b.Bytes(), err
	case strings.Contains(accept, "json"):
		return a.problem()
	}
	line := a.Title
	if a.ID != "" {
		line += " (request " + a.ID + ")"
	}
	return "text/plain; charset=utf-8", []byte(line + "\n"), nil
}

func (a Answer) problem() (kind string, body []byte, err error) {
	body, err = json.Marshal(problem{"about:blank", a.Title, a.Status, a.Words, a.ID, a.Code, a.Login})
	return "application/problem+json", body, err
}

// problem is RFC 9457's.
type problem struct {
	Type      string `json:"type"`
	Title     string `json:"title"`
	Status    int    `json:"status"`
	Detail    string `json:"detail"`
	RequestID string `json:"request_id,omitempty"`
	Code      string `json:"code,omitempty"`
	Login     string `json:"login,omitempty"`
}
