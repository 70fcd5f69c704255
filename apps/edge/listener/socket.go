package listener

import (
	"errors"
	"net"
	"slices"
	"sync"
	"time"
)

// socket is one listening socket and the doors that configurations have to it, oldest first.
type socket struct {
	address string
	inner   net.Listener

	mu      sync.Mutex
	doors   []*door
	changed chan struct{} // closed and replaced whenever doors change
}

// door is what a configuration gets. Closing it leaves the socket open while others have a door.
type door struct {
	socket *socket
	conns  chan net.Conn
	once   sync.Once
	closed chan struct{}
}

var _ net.Listener = (*door)(nil)

// accept takes connections until the socket is closed, which the last door does.
func (s *socket) accept() {
	pause := time.Duration(0)
	for {
		conn, err := s.inner.Accept()
		switch {
		case err == nil:
			pause = 0
			s.deliver(conn)
		case errors.Is(err, net.ErrClosed):
			return
		default: // out of file descriptors, say: wait as net/http does, longer each time
			pause = min(max(2*pause, 5*time.Millisecond), time.Second)
			time.Sleep(pause)
		}
	}
}

// deliver hands a connection to the newest door, whichever that is by the time somebody takes it.
func (s *socket) deliver(conn net.Conn) {
	for {
		s.mu.Lock()
		changed := s.changed
		var newest *door
		if n := len(s.doors); n > 0 {
			newest = s.doors[n-1]
		}
		s.mu.Unlock()
		if newest == nil {
			_ = conn.Close()
			return
		}
		select {
		case newest.conns <- conn:
			return
		case <-changed:
		}
	}
}

// open and close are called under the lock of sockets, so a socket is never closed while a door to it is being made.
func (s *socket) open() *door {
	d := &door{socket: s, conns: make(chan net.Conn), closed: make(chan struct{})}
	s.change(func() { s.doors = append(s.doors, d) })
	return d
}

func (s *socket) close(d *door) error {
	s.change(func() { s.doors = slices.DeleteFunc(s.doors, func(other *door) bool { return other == d }) })
	if len(s.doors) > 0 {
		return nil
	}
	delete(sockets.byAddress, s.address)
	return s.inner.Close()
}

func (s *socket) change(edit func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	edit()
	close(s.changed)
	s.changed = make(chan struct{})
}

func (d *door) Accept() (net.Conn, error) {
	select {
	case conn := <-d.conns:
		return conn, nil
	case <-d.closed:
		return nil, net.ErrClosed
	}
}

func (d *door) Close() error {
	var err error
	d.once.Do(func() {
		sockets.Lock()
		defer sockets.Unlock()
		close(d.closed)
		err = d.socket.close(d)
	})
	return err
}

func (d *door) Addr() net.Addr { return d.socket.inner.Addr() }
