package live

// NamesOf lists the names for which certificates are managed, as Names does, of some hosts only.
func NamesOf(hostIDs []string) []string {
	current.RLock()
	defer current.RUnlock()
	var names []string
	for _, id := range hostIDs {
		if h := current.hosts[id]; h != nil && !h.Off && h.TLS != TLSNone {
			names = append(names, h.Names...)
		}
	}
	return names
}
