package refusal

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
)

func answer(t *testing.T, method, accept string, a Answer) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(method, "/<script>?secret=1", nil)
	r.Header.Set("Accept", accept)
	w := httptest.NewRecorder()
	w.Header().Set("Content-Encoding", "gzip")
	w.Header().Set("Server", "Caddy")
	if err := Write(w, r, a); err != nil {
		t.Fatal(err)
	}
	return w
}

func TestEveryPageIsSmallScriptlessAndCarriesItsID(t *testing.T) {
	for _, status := range []int{400, 403, 404, 405, 421, 429, 500, 502, 503, 504, 599} {
		w := answer(t, "GET", "text/html,*/*;q=0.8", For(status, "01abc"))
		body := w.Body.String()
		switch {
		case w.Code != status:
			t.Errorf("%d: answered %d", status, w.Code)
		case len(body) > 4<<10:
			t.Errorf("%d: %d bytes", status, len(body))
		case strings.Contains(body, "<script") || strings.Contains(body, "secret"):
			t.Errorf("%d: %s", status, body)
		case !strings.Contains(body, "01abc") || w.Header().Get("X-Request-Id") != "01abc":
			t.Errorf("%d: no request id", status)
		case w.Header().Get("Content-Encoding") != "" || w.Header().Get("Server") != "":
			t.Errorf("%d: headers of the answer before: %v", status, w.Header())
		}
		if !strings.Contains(body, "<style>"+style+"</style>") {
			t.Errorf("%d: the style is not the one the policy allows", status)
		}
	}
}

func TestTheFormFollowsAccept(t *testing.T) {
	var p problem
	w := answer(t, "GET", "application/json", For(502, "x"))
	if err := json.Unmarshal(w.Body.Bytes(), &p); err != nil || p.Status != 502 || p.RequestID != "x" {
		t.Errorf("problem: %v %+v", err, p)
	}
	if w := answer(t, "GET", "*/*", For(404, "")); w.Body.String() != "Not found\n" {
		t.Errorf("plain: %q", w.Body)
	}
	if w := answer(t, "HEAD", "text/html", For(404, "x")); w.Body.Len() != 0 {
		t.Error("HEAD has a body")
	}
}
