package requests

// Identity is who makes a request, as the gate has learnt it; immutable. It names things for the log
// and for evictions, and is no secret.
type Identity struct {
	Session, Person, Host string
	// Hex SHA-256 of what was shown.
	Credential string
}

// Identify names who makes the request, nil for nobody; from now on Cancel finds it by that. What was
// evicted since the gate learnt it must be looked for afterwards.
func (r *Record) Identify(who *Identity) { r.identity.Store(who) }

// Identity is what Identify has named, nil for nobody. Cancel's match may read it.
func (r *Record) Identity() *Identity { return r.identity.Load() }
