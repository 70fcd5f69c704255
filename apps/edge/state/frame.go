package state

import (
	"bytes"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"strconv"
)

// A frame is one save, whole or not at all: a line with the format's name, the CRC-32C and the length of what follows,
// then that, then a line end.
//
//	A1 1c291ca3 27
//	<27 bytes>

const (
	format      = "A1"
	longestHead = 64
)

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// errCut is a frame that was not written to its end, or not as it was meant.
var errCut = errors.New("cut short or damaged")

func frame(payload []byte) []byte {
	head := fmt.Sprintf("%s %08x %d\n", format, crc32.Checksum(payload, castagnoli), len(payload))
	out := make([]byte, 0, len(head)+len(payload)+1)
	out = append(out, head...)
	out = append(out, payload...)
	return append(out, '\n')
}

// unframe returns the first frame's payload and what follows it; io.EOF when there is nothing at all.
func unframe(data []byte) (payload, rest []byte, err error) {
	if len(data) == 0 {
		return nil, nil, io.EOF
	}
	end := bytes.IndexByte(data[:min(len(data), longestHead)], '\n')
	if end < 0 {
		return nil, nil, errCut
	}
	words := bytes.Split(data[:end], []byte(" "))
	if len(words) != 3 || string(words[0]) != format {
		return nil, nil, errCut
	}
	sum, err := strconv.ParseUint(string(words[1]), 16, 32)
	if err != nil {
		return nil, nil, errCut
	}
	size, err := strconv.Atoi(string(words[2]))
	body := data[end+1:]
	if err != nil || size < 0 || size >= len(body) || body[size] != '\n' {
		return nil, nil, errCut
	}
	if crc32.Checksum(body[:size], castagnoli) != uint32(sum) {
		return nil, nil, errCut
	}
	return body[:size], body[size+1:], nil
}
