package dispatch

import (
	"net/http/httptest"
	"testing"
)

func TestNoVisitorNamesAnotherPath(t *testing.T) {
	for _, name := range []string{"X-Original-URL", "x_original_url", "X-Original-Uri", "X-Original-Host", "X-Rewrite-URL", "X.Rewrite-Url"} {
		r := httptest.NewRequest("GET", "/public/x", nil)
		r.Header[name] = []string{"/admin"}
		if strip(r); len(r.Header) != 0 {
			t.Errorf("FA-11 %s is sent on", name)
		}
	}
}
