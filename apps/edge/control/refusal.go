package control

import (
	"errors"
	"net/http"
)

var (
	errNoBase  = errors.New("nothing is loaded yet: load a base first")
	errNoMatch = errors.New("If-Match is wanted: the etag of what is to be changed")
	errStale   = errors.New("If-Match does not name what is served now")
	errClosing = errors.New("the edge is stopping")
)

// refusal is an error that is answered: with a status, and the current etag where that helps.
type refusal struct {
	status int
	err    error
	etag   string
}

func failure(status int, err error) error { return &refusal{status: status, err: err} }

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

// problem is the body of every refusal.
type problem struct {
	Error string `json:"error"`
	// What is served now, when If-Match did not name it.
	Etag string `json:"etag,omitempty"`
}

func refuse(w http.ResponseWriter, err error) {
	status, etag := http.StatusInternalServerError, ""
	if r, ok := errors.AsType[*refusal](err); ok {
		status, etag = r.status, r.etag
	}
	answer(w, status, problem{Error: err.Error(), Etag: etag})
}
