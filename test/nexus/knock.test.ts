import { createServer } from 'node:http'
import { type AddressInfo, createServer as createSocketServer, type Server } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { knock } from '../../src/run/server/knock.ts'

async function portOf(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => void server.close())
  return (server.address() as AddressInfo).port
}

const knocked = (port: number) => knock('127.0.0.1', port)

it.each([
  ['nginx/1.25.3', 'nginx'],
  ['Nexus/3.90.0 (COMMUNITY)', 'Nexus'],
  ['Jetty(9.4)', 'Jetty'],
  ['\u001b[31mred', 'something that is listening there'],
])('who listens calls itself %j: %s', async (name, shown) => {
  const server = createServer((request, response) => {
    request.socket.end(`HTTP/1.0 200 OK\r\nServer: ${name}\r\n\r\n`)
    response.destroy()
  })
  expect(await knocked(await portOf(server))).toBe(shown)
})

it.each([
  ['says nothing', () => undefined],
  ['speaks first', (socket: import('node:net').Socket) => void socket.write('220 mail\r\n')],
  [
    'goes away when it is spoken to',
    (socket: import('node:net').Socket) => void socket.once('data', () => socket.destroy()),
  ],
])('counts as taken where somebody %s', async (_, behave) => {
  const server = createSocketServer((socket) => {
    socket.on('error', () => undefined)
    behave(socket)
  })
  expect(await knocked(await portOf(server))).toBe('something that is listening there')
})

it('counts as free where the connection is dropped at once, as Docker does for a published port that nobody listens on', async () => {
  const server = createSocketServer((socket) => socket.destroy())
  expect(await knocked(await portOf(server))).toBeUndefined()
})

it('counts as free where nobody takes the connection', async () => {
  const server = createSocketServer()
  const port = await portOf(server)
  await new Promise<void>((resolve) => server.close(() => resolve()))
  expect(await knocked(port)).toBeUndefined()
})
