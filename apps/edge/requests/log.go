package requests

import (
	"go.uber.org/zap"
	"go.uber.org/zap/zapcore"
)

// LogField is the object `argos` of the access log. It is read when the line is written, at the end of
// the request; visitors can set none of it, and it is all that is written of the record.
func (r *Record) LogField() zapcore.Field { return zap.Object("argos", logged{r}) }

type logged struct{ r *Record }

// MarshalLogObject writes what is known and leaves the rest out.
func (l logged) MarshalLogObject(e zapcore.ObjectEncoder) error {
	r := l.r
	client := ""
	if r.Client.IsValid() {
		client = r.Client.String()
	}
	who := r.Identity()
	if who == nil {
		who = &Identity{}
	}
	for _, f := range [...]struct{ name, value string }{
		{"request_id", r.ID},
		{"client", client},
		{"user_agent", r.UserAgent},
		{"host", r.HostID},
		{"name", r.Name},
		{"pool", r.Pool},
		{"target", r.Target},
		{"stage", r.Stage},
		{"verdict", r.Verdict},
		{"policy", r.Policy},
		{"person", who.Person},
		{"session", who.Session},
	} {
		if f.value != "" {
			e.AddString(f.name, f.value)
		}
	}
	if r.Twice {
		e.AddString("credential", "twice")
	}
	if who.Session != "" {
		return e.AddObject("kept", zapcore.ObjectMarshalerFunc(func(e zapcore.ObjectEncoder) error {
			e.AddBool("facts", r.FactsKept)
			return nil
		}))
	}
	return nil
}
