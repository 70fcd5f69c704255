/** Of the panel and of a host, in a fixture with `app.` and `git.example.com` beside it. */
export const allowed = [
  ...['/', '/dashboard', '/hosts?id=1', '/hosts#top', '/search?q=hello%20world'],
  ...['/hosts/12?next=https://evil.com/', '/a/b.html?x=//evil.com', '/a;b=c/d', '/@admin'],
  ...['https://panel.example.com', 'https://panel.example.com/threats?x=1#y', 'https://app.example.com/'],
  ...['https://APP.example.com/x', 'https://app.example.com/path/?q=1'],
  'https://git.example.com/?next=https://evil.com',
]
export const denied = [
  ...['', '//evil.com', '///evil.com', '/\\evil.com', '/\\\\evil.com', '\\\\evil.com', '\\/evil.com'],
  ...['/%5cevil.com', '/%255cevil.com', '/\t/evil.com', '/\n/evil.com', '/\r/evil.com', '/ /evil.com'],
  ...['/%09/evil.com', '/%0d%0aSet-Cookie:x=1', '/%00/evil.com', '/%2f%2fevil.com'],
  ...['/.//evil.com', '/./\\evil.com', '/..//evil.com', '/a/..//evil.com', '/%2e%2e//evil.com'],
  ...['/\u3002/evil.com', '/\u2215/evil.com', 'http://panel.example.com/', 'http://app.example.com/'],
  ...['HTTPS://app.example.com/', 'https:app.example.com', 'https:///app.example.com'],
  ...['https:\\\\app.example.com', 'https://app.example.com:8443/'],
  ...['https://panel.example.com:443@evil.com/', 'https://panel.example.com@evil.com/'],
  ...['https://evil.com@panel.example.com/', 'https://app.example.com%40evil.com/'],
  ...['https://app.example.com%2eevil.com/', 'https://app.example.com.evil.com/'],
  ...['https://evilexample.com/', 'https://example.com.evil.com/', 'https://app.example.com./'],
  ...['https://app.example.com\\@evil.com/', 'https://evil.com\\.app.example.com/'],
  ...['https://evil.com#.app.example.com/', 'https://[::1]/', 'https://2130706433/'],
  ...['https://\u0430pp.example.com/', 'https://app.example.com%00.evil.com/'],
  ...['javascript:alert(1)', 'javascript://panel.example.com/%0aalert(1)'],
  ...['JaVaScRiPt://app.example.com/%0aalert(1)', 'java\tscript:alert(1)', 'data:text/html,x'],
  ...['data://app.example.com/,x', 'file:///etc/passwd', 'ws://app.example.com/'],
  ...['app.example.com', 'dashboard', '../dashboard', '?rd=//evil.com', 'https://*.example.com/'],
  'https://app.example.com/%0d%0aX:1',
]
/** Inside the parent domain, where others let people in: a name that nobody serves is anybody's. */
export const unserved = [
  ...['https://example.com/', 'https://old.example.com/', 'https://unknown.example.com/'],
  'https://deep.app.example.com/',
]
