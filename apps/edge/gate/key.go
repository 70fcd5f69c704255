package gate

import (
	"crypto/sha256"
	"encoding/hex"

	"argos/edge/requests"
)

// key is what facts hang on: the hash of a credential, as it was shown, at one host.
type key struct {
	sum  [sha256.Size]byte
	host string
	by   string
	user string
}

func keyOf(c requests.Credential, host string) key {
	return key{sum: sha256.Sum256([]byte(c.Secret)), host: host, by: c.By, user: c.User}
}

func (k *key) hex() string { return hex.EncodeToString(k.sum[:]) }

func hexSum(secret string) string {
	sum := sha256.Sum256([]byte(secret))
	return hex.EncodeToString(sum[:])
}
