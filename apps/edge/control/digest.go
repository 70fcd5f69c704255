package control

import (
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
)

// digest is the etag of a set of lines: the sum, modulo 2^256, of the SHA-256 of each, so it does not depend on their
// order and an edit costs two lines, however many there are. A line is "base <hash>\n", "host <id> <hash>\n" or
// "pool <id> <hash>\n"; no two are the same. The panel computes the same from what it wants
// (packages/caddy-admin/src/digest.ts), so one number tells whether the two agree.
//
// Who may choose thousands of objects could make two sets with one sum. That is the panel alone.
type digest [4]uint64 // least significant first

func (d *digest) add(line digest) {
	var carry uint64
	for i := range d {
		d[i], carry = bits.Add64(d[i], line[i], carry)
	}
}

func (d *digest) remove(line digest) {
	var borrow uint64
	for i := range d {
		d[i], borrow = bits.Sub64(d[i], line[i], borrow)
	}
}

func (d *digest) String() string {
	var out [sha256.Size]byte
	for i, word := range d {
		binary.BigEndian.PutUint64(out[sha256.Size-8*(i+1):], word)
	}
	return hex.EncodeToString(out[:])
}

func lineOf(kind, id, hash string) digest {
	line := make([]byte, 0, 160)
	line = append(line, kind...)
	if id != "" {
		line = append(append(line, ' '), id...)
	}
	line = append(append(append(line, ' '), hash...), '\n')
	sum := sha256.Sum256(line)
	var d digest
	for i := range d {
		d[i] = binary.BigEndian.Uint64(sum[sha256.Size-8*(i+1):])
	}
	return d
}
