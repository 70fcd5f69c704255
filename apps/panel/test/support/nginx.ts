import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { eventually, findProgram, scratch, selfSigned, startProgram, visit } from '@argos/testkit'

const program = findProgram('nginx', ['/usr/sbin'])
export const noNginx: string | null = program === null ? 'no nginx is here' : null

export interface NginxSite {
  readonly name: string
  /** Where the app is. */
  readonly app: number
  /** Where the panel answers proxies other than ours. */
  readonly argos: number
  readonly secret: string
}

/** What docs/sso.md says for nginx, with addresses of its own. */
const site = (port: number, { name, app, argos, secret }: NginxSite) => `
map $http_cookie $without_session {
  default $http_cookie;
  "~^(?<a>.*?)(?:^|; *)__Host-argos=[^;]*(?<b>.*)$" $a$b;
}
map $without_session $cookies_of_app {
  default $without_session;
  "~^(?<c>.*?)(?:^|; *)__Host-argos-state=[^;]*(?<d>.*)$" $c$d;
}
server {
  listen 127.0.0.1:${port} ssl;
  server_name ${name};
  ssl_certificate cert.pem;
  ssl_certificate_key key.pem;

  proxy_pass_request_body off;
  proxy_set_header Content-Length "";
  proxy_set_header X-Argos-Secret ${secret};
  proxy_set_header X-Forwarded-Host $host;
  proxy_set_header X-Forwarded-Uri $request_uri;
  proxy_set_header X-Forwarded-Method $request_method;
  proxy_set_header X-Forwarded-Proto $scheme;
  proxy_set_header X-Forwarded-For $remote_addr;

  location = /argos {
    internal;
    proxy_pass http://127.0.0.1:${argos}/auth-request;
  }
  location /_argos/ {
    proxy_pass http://127.0.0.1:${argos};
  }
  location @sign_in {
    add_header Set-Cookie $sign_in_cookie always;
    if ($sign_in_at = "") { return 401; }
    return 302 $sign_in_at;
  }
  location / {
    auth_request /argos;
    auth_request_set $sign_in_at $upstream_http_location;
    auth_request_set $sign_in_cookie $upstream_http_set_cookie;
    auth_request_set $remote_user_is $upstream_http_remote_user;
    auth_request_set $remote_name_is $upstream_http_remote_name;
    auth_request_set $remote_email_is $upstream_http_remote_email;
    auth_request_set $remote_groups_are $upstream_http_remote_groups;
    error_page 401 = @sign_in;
    proxy_pass http://127.0.0.1:${app};
    proxy_pass_request_body on;
    proxy_set_header Host $http_host;
    proxy_set_header Cookie $cookies_of_app;
    proxy_set_header Remote-User $remote_user_is;
    proxy_set_header Remote-Name $remote_name_is;
    proxy_set_header Remote-Email $remote_email_is;
    proxy_set_header Remote-Groups $remote_groups_are;
  }
}`

/** Somebody's own nginx with HTTPS at `port`, which asks the panel about each request. */
export async function nginx(port: number, sites: readonly NginxSite[]) {
  const folder = scratch('argos-nginx-')
  const { cert, key } = selfSigned(sites.map(({ name }) => name))
  for (const [file, text] of [
    ['cert.pem', cert],
    ['key.pem', key],
  ] as const)
    writeFileSync(join(folder.path, file), text)
  for (const sub of ['body', 'proxy', 'fastcgi', 'uwsgi', 'scgi']) mkdirSync(join(folder.path, sub))
  const temporary = ['client_body_temp_path body;', 'proxy_temp_path proxy;', 'fastcgi_temp_path fastcgi;']
  const config = `
daemon off;
master_process off;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 256; }
http {
  access_log off;
  large_client_header_buffers 4 16k;
  ${temporary.join(' ')} uwsgi_temp_path uwsgi; scgi_temp_path scgi;
  ${sites.map((one) => site(port, one)).join('\n')}
}`
  writeFileSync(join(folder.path, 'nginx.conf'), config)
  const running = startProgram({
    name: 'nginx',
    command: program ?? '',
    args: ['-p', folder.path, '-e', 'stderr', '-c', join(folder.path, 'nginx.conf')],
    env: { PATH: process.env.PATH ?? '' },
  })
  const end = async () => {
    await running.kill('SIGTERM')
    folder[Symbol.dispose]()
  }
  try {
    await eventually('nginx answers', () => {
      if (running.pid() === null) throw new Error(running.output())
      return visit({ port, name: `${sites[0]?.name}:${port}`, tls: true })
    })
  } catch (err) {
    await end()
    throw err
  }
  return { output: () => running.output(), [Symbol.asyncDispose]: end }
}
