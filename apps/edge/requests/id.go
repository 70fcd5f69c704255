package requests

import (
	"encoding/base32"
	"encoding/binary"
	"math/rand/v2"
	"time"
)

var ids = base32.NewEncoding("0123456789abcdefghjkmnpqrstvwxyz").WithPadding(base32.NoPadding)

// newID makes 26 characters that sort by time: 48 bits of milliseconds, 80 of chance (the layout of a
// ULID). It names a request to people and logs; it is no secret and grants nothing.
func newID() string {
	var b [18]byte
	binary.BigEndian.PutUint64(b[:8], uint64(time.Now().UnixMilli())<<16)
	binary.BigEndian.PutUint64(b[6:14], rand.Uint64())
	binary.BigEndian.PutUint16(b[14:16], uint16(rand.Uint32()))
	return ids.EncodeToString(b[:16])
}
