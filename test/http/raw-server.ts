import net, { type AddressInfo, type Socket } from 'node:net'
import { onTestFinished } from 'vitest'

export interface RawServer {
  url: string
  port: number
  /** Heads of the requests that came in. */
  received: string[]
  /** Connections that are open. */
  open: () => number
}

/** A TCP server that ends with the test: `answer` gets the socket when the head of a request is there, and says what it likes. */
export async function rawServer(answer: (socket: Socket, head: string) => unknown): Promise<RawServer> {
  const received: string[] = []
  const sockets = new Set<Socket>()
  const server = net.createServer((socket) => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    socket.once('close', () => sockets.delete(socket))
    let text = ''
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      if (end < 0) return
      const head = text.slice(0, end)
      text = ''
      received.push(head)
      answer(socket, head)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })
  const { port } = server.address() as AddressInfo
  return { url: `http://127.0.0.1:${port}`, port, received, open: () => sockets.size }
}

/** Writes the piece again and again, until the other side has gone. */
export function drip(socket: Socket, piece: string | Buffer, everyMs: number): void {
  const timer = setInterval(() => {
    if (socket.destroyed) clearInterval(timer)
    else socket.write(piece)
  }, everyMs)
  socket.once('close', () => clearInterval(timer))
}

export const HEAD =
  'HTTP/1.1 200 OK\r\nServer: Nexus/3.90.0-01 (COMMUNITY)\r\nContent-Type: application/json\r\n'
