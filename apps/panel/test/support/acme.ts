import { connect } from 'node:tls'
import { settingsUpdate, settingsView } from '@argos/contract'
import type { Pebble, Stack } from '@argos/testkit'

/** Whether the edge shows a certificate for a name that this root vouches for. */
export const trustedBy = (stack: Stack, name: string, ca: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port: stack.ports.https, servername: name, ca })
    const end = (answer: boolean) => {
      socket.destroy()
      resolve(answer)
    }
    socket.once('secureConnect', () => end(socket.authorized))
    socket.once('error', () => end(false))
  })

/** Makes this server the one that automatic certificates come from. */
export async function useDirectory(stack: Stack, pebble: Pebble): Promise<void> {
  const { settings, version } = await stack.api.call(settingsView, {})
  const acme = {
    acmeDirectory: pebble.directory,
    acmeRootPem: pebble.directoryRoot,
    acmeEmail: 'someone@example.test',
  }
  await stack.api.call(settingsUpdate, { body: { settings: { ...settings, ...acme }, version } })
  await stack.inSync()
}
