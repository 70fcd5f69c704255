package live

import (
	"encoding/json"
	"fmt"
	"testing"
)

func TestTrustedProxiesAreAddressesOrNetworks(t *testing.T) {
	for raw, want := range map[string]string{
		`{"trusted_proxies":["10.0.0.1","10.1.2.3/8","fd00::1","fd00::/8"]}`: "[10.0.0.1/32 10.0.0.0/8 fd00::1/128 fd00::/8]",
		`{}`:                                "[]",
		`{"trusted_proxies":[]}`:            "[]",
		`{"trusted_proxies":["proxy"]}`:     "",
		`{"trusted_proxies":["10.0.0.1/"]}`: "",
		`{"trusted_proxies":["fe80::1%a"]}`: "",
	} {
		var s Settings
		err := json.Unmarshal([]byte(raw), &s)
		if (err != nil) != (want == "") || err == nil && fmt.Sprint(s.TrustedProxies) != want {
			t.Errorf("%s: %v %v", raw, s.TrustedProxies, err)
		}
	}
}
