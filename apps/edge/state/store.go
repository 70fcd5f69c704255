package state

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
)

// Store is the folder of one edge. It is not safe for concurrent use: the edge changes one thing at a time.
type Store struct {
	dir     string
	current int      // the edition that Append adds to; 0 before Continue or Write
	file    *os.File // of the current edition, at its end
	size    int64    // of it, all whole frames
	first   int64    // of its first frame
}

// smallest is how much an edition may grow by edits before a new one is worth writing.
const smallest = 1 << 20

const prefix = "edition-"

// Open makes the folder if need be and removes what a kill left half-written.
func Open(dir string) (*Store, error) {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return nil, fmt.Errorf("opening the saved state: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("opening the saved state: %w", err)
	}
	for _, e := range entries {
		if strings.HasPrefix(e.Name(), "."+prefix) {
			if err := os.Remove(filepath.Join(dir, e.Name())); err != nil {
				return nil, fmt.Errorf("opening the saved state: %w", err)
			}
		}
	}
	return &Store{dir: dir}, nil
}

// Close lets go of the files. What was saved stays.
func (s *Store) Close() error {
	if s.file == nil {
		return nil
	}
	err := s.file.Close()
	s.file = nil
	return err
}

// Write saves everything as a new edition and keeps the one before it.
func (s *Store) Write(saved Saved) error {
	numbers, err := s.editions()
	if err != nil {
		return err
	}
	next := s.current + 1
	if len(numbers) > 0 {
		next = max(next, numbers[0]+1)
	}
	data := frame(saved.encode())
	file, err := s.create(next, data)
	if err != nil {
		return fmt.Errorf("saving: %w", err)
	}
	// From here on the new edition is what a boot finds.
	if s.file != nil {
		_ = s.file.Close() // synced long ago
	}
	keep := s.current
	if keep == 0 && len(numbers) > 0 {
		keep = numbers[0]
	}
	s.current, s.file, s.size, s.first = next, file, int64(len(data)), int64(len(data))
	for _, n := range numbers {
		if n != keep {
			_ = os.Remove(s.path(n)) // an edition too many is found again by the next Write
		}
	}
	return nil
}

// create writes an edition beside, syncs it, renames it into place and syncs the folder.
func (s *Store) create(number int, data []byte) (*os.File, error) {
	temporary := filepath.Join(s.dir, "."+filepath.Base(s.path(number)))
	file, err := os.OpenFile(temporary, os.O_CREATE|os.O_TRUNC|os.O_WRONLY, 0o600)
	if err != nil {
		return nil, err
	}
	_, err = file.Write(data)
	if err == nil {
		err = file.Sync()
	}
	if err == nil {
		err = os.Rename(temporary, s.path(number))
	}
	if err == nil {
		if err = syncFolder(s.dir); err != nil {
			_ = os.Remove(s.path(number)) // what is said not to be saved had better not be found
		}
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// ErrNoEdition asks for a Write: there is no edition to add to, or its end is not known to be whole.
var ErrNoEdition = errors.New("no edition to add to")

// Append saves one edit at the end of the current edition. After an error only Write helps.
func (s *Store) Append(edit Edit) error {
	if s.file == nil {
		return ErrNoEdition
	}
	data := frame(edit.encode())
	_, err := s.file.Write(data)
	if err == nil {
		err = s.file.Sync()
	}
	if err != nil {
		// A part of it may stand in the file, and what a failed sync leaves is not known.
		err = errors.Join(fmt.Errorf("saving: %w", err), s.file.Truncate(s.size), s.file.Close())
		s.file = nil
		return err
	}
	s.size += int64(len(data))
	return nil
}

// Grown says that edits outweigh the state they edit, so that the next save had better be a Write.
func (s *Store) Grown() bool { return s.size-s.first > max(smallest, s.first) }

func (s *Store) path(number int) string {
	return filepath.Join(s.dir, fmt.Sprintf("%s%08d", prefix, number))
}

// editions lists the numbers there are, newest first.
func (s *Store) editions() ([]int, error) {
	entries, err := os.ReadDir(s.dir)
	if err != nil {
		return nil, fmt.Errorf("reading the saved state: %w", err)
	}
	var numbers []int
	for _, e := range entries {
		if word, ok := strings.CutPrefix(e.Name(), prefix); ok {
			if n, err := strconv.Atoi(word); err == nil && n > 0 {
				numbers = append(numbers, n)
			}
		}
	}
	slices.Sort(numbers)
	slices.Reverse(numbers)
	return numbers, nil
}

func syncFolder(dir string) error {
	folder, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(folder.Sync(), folder.Close())
}
