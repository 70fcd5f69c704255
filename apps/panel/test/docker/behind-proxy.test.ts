import { createServer, request } from 'node:https'
import { auditList, login, settingsUpdate, settingsView, setupCreate } from '@argos/contract'
import { admin, apiClient, eventually, freePort, selfSigned } from '@argos/testkit'
import { expect, test } from 'vitest'
import { deployment, dockerOk } from '../support/docker.ts'

const files = ['docker-compose.yml', 'docker-compose.behind-caddy.yml']
const VISITOR = '203.0.113.7'

/** A proxy of the operator's own: it has the certificate, keeps the name that was asked for, and tells who asked. */
async function ownProxy(port: number, panelPort: number) {
  const { cert, key } = selfSigned(['localhost'])
  const server = createServer({ cert, key }, (req, res) => {
    const options = {
      host: '127.0.0.1',
      port: panelPort,
      path: req.url ?? '/',
      method: req.method ?? 'GET',
      headers: { ...req.headers, 'x-forwarded-for': VISITOR, 'x-forwarded-proto': 'https' },
      rejectUnauthorized: false,
    }
    const onward = request(options, (answer) => {
      res.writeHead(answer.statusCode ?? 502, answer.headers)
      answer.pipe(res)
    })
    onward.on('error', () => res.writeHead(502).end())
    req.pipe(onward)
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

test('F11 behind a proxy of your own the first boot works, cookies are secure, and visitors keep their address', async () => {
  const port = await freePort()
  const url = `https://localhost:${port}`
  await using argos = await deployment({ files, env: { ARGOS_PUBLIC_ADDRESS: url } })
  await argos.up()
  await using _ = await ownProxy(port, argos.ports.panel)

  const link = new URL(await argos.link())
  expect(link.origin).toBe(url)
  expect(await argos.exec('panel', 'argos', 'setup-link')).toMatch(new RegExp(`^${url}/setup#token=`))
  const api = apiClient(url)
  const token = new URL(await argos.exec('panel', 'argos', 'setup-link')).hash.replace('#token=', '').trim()
  api.signedIn(await api.call(setupCreate, { body: { ...admin, token } }))
  expect(api.cookie()).toMatch(/^__Host-/)

  const addresses = async () => (await api.call(auditList, {})).entries.map(({ address }) => address)
  expect(await addresses()).not.toContain(VISITOR)
  const format = '{{(index .IPAM.Config 0).Gateway}}'
  const gateway = (
    await dockerOk('network', 'inspect', `${argos.project}_default`, '--format', format)
  ).trim()
  const { settings, version } = await api.call(settingsView, {})
  await api.call(settingsUpdate, { body: { settings: { ...settings, trustedProxies: [gateway] }, version } })
  await eventually('the proxy is believed', async () => {
    const again = apiClient(url)
    again.signedIn(await again.call(login, { body: admin }))
    return (await addresses()).includes(VISITOR)
  })
})
