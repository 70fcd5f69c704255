package gate

import (
	"errors"
	"net/url"
	"path/filepath"
	"sync/atomic"
)

// Settings say whom to ask; their JSON is that of `apps.argos.gate`.
type Settings struct {
	// The unix socket on which the panel answers the gate and nobody else, an absolute path. Empty: nobody
	// answers, so whatever needs a person stays shut.
	Socket string `json:"socket,omitempty"`
	// Where people sign in: scheme, name and port of the panel, without a path. Empty: nowhere.
	Login string `json:"login,omitempty"`
}

// Check refuses what could not be used.
func (s Settings) Check() error {
	if s.Socket != "" && !filepath.IsAbs(s.Socket) {
		return errors.New("gate.socket: an absolute path is wanted")
	}
	if s.Login == "" {
		return nil
	}
	u, err := url.Parse(s.Login)
	if err != nil || u.Scheme != "https" && u.Scheme != "http" || u.Host == "" || u.Scheme+"://"+u.Host != s.Login {
		return errors.New("gate.login: https, a name and perhaps a port are wanted, as in https://panel.example.com")
	}
	return nil
}

var settings atomic.Pointer[Settings]

// Configure replaces the settings for all requests from now on.
func Configure(s Settings) { settings.Store(&s) }

func current() Settings {
	if s := settings.Load(); s != nil {
		return *s
	}
	return Settings{}
}
