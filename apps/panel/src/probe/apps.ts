/** How an application gives itself away. The first entry with a mark that fits wins, so the narrower one stands first. */
export interface KnownApp {
  readonly slug: string
  readonly name: string
  /** What people call it in a name of their own: `photos.home.example`. */
  readonly subdomain: string
  readonly title?: RegExp
  readonly header?: readonly [name: string, value: RegExp]
  readonly body?: RegExp
  /** Where it takes WebSockets. */
  readonly webSocketPath?: string
}

const app = (
  slug: string,
  name: string,
  subdomain: string,
  marks: Pick<KnownApp, 'title' | 'header' | 'body' | 'webSocketPath'>,
): KnownApp => ({ slug, name, subdomain, ...marks })

export const knownApps: readonly KnownApp[] = [
  app('home-assistant', 'Home Assistant', 'ha', {
    title: /^Home Assistant$/,
    webSocketPath: '/api/websocket',
  }),
  app('jellyfin', 'Jellyfin', 'media', { title: /^Jellyfin$/, webSocketPath: '/socket' }),
  app('emby', 'Emby', 'media', { title: /^Emby$/, webSocketPath: '/embywebsocket' }),
  app('plex', 'Plex', 'plex', { header: ['x-plex-protocol', /./], title: /^Plex$/ }),
  app('immich', 'Immich', 'photos', { title: /^Immich$/, body: /immich-server|content="Self-hosted photo/ }),
  app('photoprism', 'PhotoPrism', 'photos', { title: /^PhotoPrism/ }),
  app('nextcloud', 'Nextcloud', 'files', {
    title: /Nextcloud$/,
    body: /core\/js\/oc\.js/,
  }),
  app('paperless', 'Paperless-ngx', 'paperless', {
    title: /Paperless-ngx/i,
    webSocketPath: '/ws/status/',
  }),
  app('vaultwarden', 'Vaultwarden', 'vault', {
    title: /^Vaultwarden/,
    webSocketPath: '/notifications/anonymous-hub',
  }),
  app('forgejo', 'Forgejo', 'git', { body: /Forgejo[^<]{0,40}Beyond coding|content="Forgejo/i }),
  app('gitea', 'Gitea', 'git', {
    header: ['set-cookie', /i_like_gitea/],
    body: /Powered by Gitea|content="Gitea/,
  }),
  app('gitlab', 'GitLab', 'git', { title: /GitLab$/ }),
  app('grafana', 'Grafana', 'grafana', { title: /^Grafana$/, webSocketPath: '/api/live/ws' }),
  app('uptime-kuma', 'Uptime Kuma', 'status', {
    title: /^Uptime Kuma$/,
    webSocketPath: '/socket.io/?EIO=4&transport=websocket',
  }),
  app('adguard-home', 'AdGuard Home', 'dns', { title: /AdGuard Home/ }),
  app('pi-hole', 'Pi-hole', 'dns', { header: ['x-pi-hole', /./], title: /Pi-hole/ }),
  app('sonarr', 'Sonarr', 'sonarr', { title: /Sonarr$/ }),
  app('radarr', 'Radarr', 'radarr', { title: /Radarr$/ }),
  app('prowlarr', 'Prowlarr', 'prowlarr', { title: /Prowlarr$/ }),
  app('jellyseerr', 'Jellyseerr', 'requests', { title: /^(Jellyseerr|Overseerr|Seerr)/ }),
  app('qbittorrent', 'qBittorrent', 'torrents', { title: /qBittorrent/ }),
  app('transmission', 'Transmission', 'torrents', {
    header: ['x-transmission-session-id', /./],
    title: /^Transmission/,
  }),
  app('audiobookshelf', 'Audiobookshelf', 'books', {
    title: /^Audiobookshelf$/,
    webSocketPath: '/socket.io/?EIO=4&transport=websocket',
  }),
  app('calibre-web', 'Calibre-Web', 'books', { title: /Calibre-Web/ }),
  app('navidrome', 'Navidrome', 'music', { title: /^Navidrome$/ }),
  app('frigate', 'Frigate', 'nvr', { title: /^Frigate$/, webSocketPath: '/ws' }),
  app('mealie', 'Mealie', 'recipes', { title: /^Mealie/ }),
  app('memos', 'Memos', 'notes', { title: /^Memos$/ }),
  app('node-red', 'Node-RED', 'flows', { title: /^Node-RED/, webSocketPath: '/comms' }),
  app('n8n', 'n8n', 'n8n', { title: /^n8n\b/ }),
  app('syncthing', 'Syncthing', 'sync', { header: ['x-syncthing-id', /./], title: /Syncthing/ }),
  app('portainer', 'Portainer', 'portainer', { title: /^Portainer/ }),
  app('proxmox', 'Proxmox VE', 'pve', {
    header: ['server', /^pve-api-daemon/],
    title: /Proxmox Virtual Environment/,
  }),
  app('synology', 'Synology DSM', 'nas', { title: /Synology/ }),
  app('freshrss', 'FreshRSS', 'news', { title: /FreshRSS/ }),
  app('miniflux', 'Miniflux', 'news', { title: /Miniflux/ }),
  app('zigbee2mqtt', 'Zigbee2MQTT', 'zigbee', { title: /^Zigbee2MQTT/i, webSocketPath: '/api' }),
]

export interface Seen {
  readonly title: string | null
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

/** The likely application, or null. It only fills in a form: what it says is never relied on. */
export function likelyApp({ title, headers, body }: Seen): KnownApp | null {
  const fits = (known: KnownApp) => {
    if (known.header && [headers[known.header[0]]].flat().some((v) => v && known.header?.[1].test(v)))
      return true
    if (title !== null && known.title?.test(title)) return true
    return known.body?.test(body) ?? false
  }
  return knownApps.find(fits) ?? null
}
