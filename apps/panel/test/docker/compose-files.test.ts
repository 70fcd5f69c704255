import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { repository, scratch } from '@argos/testkit'
import { describe, expect, test } from 'vitest'
import { deployment } from '../support/docker.ts'

interface Port {
  readonly host_ip?: string
  readonly published: string
  readonly target: number
  readonly protocol: string
}
interface Service {
  readonly image: string
  readonly ports?: readonly Port[]
  readonly environment?: Readonly<Record<string, string>>
  readonly mem_limit?: string
}
interface Project {
  readonly services: Readonly<Record<string, Service>>
  readonly volumes: Readonly<Record<string, unknown>>
  readonly secrets: Readonly<Record<string, { readonly file: string }>>
}

const files = ['docker-compose.yml', 'docker-compose.behind-caddy.yml']
/** The files as Compose understands them. */
async function read(
  options: Parameters<typeof deployment>[0],
  ...flags: readonly string[]
): Promise<Project> {
  await using some = await deployment(options)
  return JSON.parse(await some.ok(...flags, 'config', '--format', 'json')) as Project
}
const portsOf = ({ ports = [] }: Service) =>
  ports.map((p) => `${p.host_ip ?? '*'}:${p.published}->${p.target}/${p.protocol}`)

describe('docker-compose.yml', () => {
  test('publishes hosts to all and the panel to this machine, unless told', async () => {
    const none = { ARGOS_HTTP_PORT: '', ARGOS_HTTPS_PORT: '', ARGOS_PANEL_PORT: '', ARGOS_BIND: '' }
    const { services, volumes } = await read({ env: none })
    expect(Object.keys(services).sort()).toEqual(['edge', 'panel'])
    expect(services.edge && portsOf(services.edge)).toEqual([
      '*:80->80/tcp',
      '*:443->443/tcp',
      '*:443->443/udp',
      '127.0.0.1:9443->9443/tcp',
    ])
    expect(services.panel?.ports).toBeUndefined()
    expect(Object.keys(volumes).sort()).toEqual(['data', 'edge-data', 'logs', 'sockets'])
  })

  test('takes addresses, ports and limits from the settings', async () => {
    const { services } = await read({
      env: {
        ARGOS_BIND: '[fd12::5]',
        ARGOS_PANEL_BIND: '::',
        ARGOS_HTTP_PORT: '8080',
        ARGOS_EDGE_MEMORY: '1g',
      },
    })
    const [http, , , panel] = services.edge ? portsOf(services.edge) : []
    expect(http).toBe('fd12::5:8080->8080/tcp')
    expect(panel).toMatch(/^:::/)
    expect(services.edge?.mem_limit).toBe(String(1024 ** 3))
    expect(services.panel?.environment?.ARGOS_HTTP_PORT).toBe('8080')
    expect(services.edge?.environment).toEqual({ ARGOS_HTTP_PORT: '8080' })
  })

  test('names the file that is missing when there is no master key', async () => {
    await using some = await deployment({ env: { ARGOS_MASTER_KEY_FILE: '/nowhere/master-key' } })
    const { code, output } = await some.run('up', '--no-build', '--no-start')
    expect(code).not.toBe(0)
    expect(output).toContain('/nowhere/master-key')
  })

  test('gives secrets as files, from ./secrets unless told, and asks for no setting', async () => {
    const { services, secrets } = await read({ env: { ARGOS_MASTER_KEY_FILE: '' } })
    expect(secrets['master-key']?.file).toBe(join(repository, 'secrets/master-key'))
    const { environment = {} } = services.panel ?? {}
    expect(environment.ARGOS_MASTER_KEY_FILE).toBe('/run/secrets/master-key')
    expect(environment.ARGOS_INITIAL_ADMIN_PASSWORD_FILE).toBe('')
    for (const name of Object.keys(environment)) expect(name).not.toMatch(/(KEY|PASSWORD)$/)
  })

  test('is held against its schema: a word that is none is refused', async () => {
    using folder = scratch('argos-broken-')
    const text = readFileSync(join(repository, 'docker-compose.yml'), 'utf8')
    const broken = join(folder.path, 'docker-compose.yml')
    for (const [right, wrong] of [
      ['read_only: true', 'readonly: true'],
      ['cap_drop: [ALL]', 'cap_drop: ALL'],
      ['pids_limit: 512', 'pids_limit: many'],
    ] as const) {
      writeFileSync(broken, text.replace(right, wrong))
      await using some = await deployment({ files: [broken] })
      const { code, output } = await some.run('config', '--quiet')
      expect([wrong, code === 0]).toEqual([wrong, false])
      expect(output).toContain(wrong.split(':')[0])
    }
  })

  test('has CrowdSec only when asked for, and lets it read the log alone', async () => {
    const { services } = await read({}, '--profile', 'crowdsec')
    expect(services.crowdsec).toMatchObject({
      security_opt: ['no-new-privileges:true'],
      volumes: expect.arrayContaining([
        expect.objectContaining({ source: 'logs', target: '/var/log/argos', read_only: true }),
      ]),
    })
  })

  test('F6 names every image by an exact tag', async () => {
    const { services } = await read({}, '--profile', 'crowdsec')
    for (const { image } of Object.values(services)) expect(image).toMatch(/:v?\d+\.\d+\.\d+$/)
  })
})

describe('docker-compose.behind-caddy.yml', () => {
  test('publishes everything to this machine alone', async () => {
    const env = {
      ARGOS_HTTP_PORT: '',
      ARGOS_HTTPS_PORT: '',
      ARGOS_PANEL_PORT: '',
      ARGOS_BIND: '0.0.0.0',
      ARGOS_PUBLIC_ADDRESS: 'https://panel.example.com',
    }
    const { services } = await read({ files, env })
    expect(services.edge && portsOf(services.edge)).toEqual([
      '127.0.0.1:8080->8080/tcp',
      '127.0.0.1:8443->8443/tcp',
      '127.0.0.1:9443->9443/tcp',
    ])
    expect(services.edge?.environment).toEqual({ ARGOS_HTTP_PORT: '8080' })
    expect(services.panel?.environment).toMatchObject({
      ARGOS_HTTP_PORT: '8080',
      ARGOS_HTTPS_PORT: '8443',
      ARGOS_PUBLIC_ADDRESS: 'https://panel.example.com',
    })
  })

  test("asks for the panel's URL", async () => {
    await using some = await deployment({ files })
    const { code, output } = await some.run('config')
    expect(code).not.toBe(0)
    expect(output).toContain('ARGOS_PUBLIC_ADDRESS')
  })
})
