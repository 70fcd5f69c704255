package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// lock keeps a second edge off a data folder. The kernel lets it go with the process, however that ends.
type lock struct{ file *os.File }

func lockFolder(dir string) (*lock, error) {
	file, err := os.OpenFile(filepath.Join(dir, "lock"), os.O_CREATE|os.O_RDWR, 0o600)
	if err != nil {
		return nil, fmt.Errorf("locking the data folder: %w", err)
	}
	if err := syscall.Flock(int(file.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); err != nil {
		holder, _ := io.ReadAll(file)
		return nil, errors.Join(fmt.Errorf("another edge (pid %s) runs on %s", strings.TrimSpace(string(holder)), filepath.Dir(dir)), file.Close())
	}
	err = file.Truncate(0)
	if err == nil {
		_, err = fmt.Fprintf(file, "%d\n", os.Getpid())
	}
	if err != nil {
		return nil, errors.Join(fmt.Errorf("locking the data folder: %w", err), file.Close())
	}
	return &lock{file}, nil
}

func (l *lock) release() { _ = l.file.Close() }
