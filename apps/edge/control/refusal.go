package control

import (
	"errors"
	"net/http"

	"argos/edge/live"
)

var (
	errNoBase  = errors.New("nothing is loaded yet: load a base first")
	errNoMatch = errors.New("If-Match is wanted: the etag of what is to be changed")
	errStale   = errors.New("If-Match does not name what is served now")
	errClosing = errors.New("the edge is stopping")
	errWaits   = errors.New("another change waits to be confirmed")
	errNoWait  = errors.New("no change of this id waits to be confirmed")
	errOver    = errors.New("its time is over, it is going back")
	errUsedUp  = errors.New("confirm.id: the last change that was confirmed has it, another one is wanted")
	errNoBack  = errors.New("nothing is loaded yet, so there is nothing to go back to: load a base for good first")
)

// refusal is an error that is answered: with a status, and the current etag where that helps.
type refusal struct {
	status  int
	err     error
	etag    string
	refused map[string]live.Refusal
	pending *pendingView
	// Not nil where it is told.
	confirmed *string
}

func failure(status int, err error) error { return &refusal{status: status, err: err} }

func (r *refusal) Error() string { return r.err.Error() }
func (r *refusal) Unwrap() error { return r.err }

// problem is the body of every refusal.
type problem struct {
	Error string `json:"error"`
	// What is served now, when If-Match did not name it.
	Etag string `json:"etag,omitempty"`
	// What of a change that is taken whole or not at all was refused.
	Refused map[string]live.Refusal `json:"refused,omitempty"`
	// The change that waits.
	Pending *pendingView `json:"pending,omitempty"`
	// The last one that was confirmed, when a word about another one was out of place; empty when none was.
	Confirmed *string `json:"confirmed,omitempty"`
}

func refuse(w http.ResponseWriter, err error) {
	status, said := http.StatusInternalServerError, problem{Error: err.Error()}
	if r, ok := errors.AsType[*refusal](err); ok {
		status = r.status
		said.Etag, said.Refused, said.Pending, said.Confirmed = r.etag, r.refused, r.pending, r.confirmed
	}
	answer(w, status, said)
}
