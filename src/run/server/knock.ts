import { connect as connectTo } from 'node:net'

const KNOCK_MS = 700
/**
 * Docker's proxy takes a connection for a published port and drops it where nothing in the container listens. Whoever is still there after
 * this long has a listener.
 */
const DROP_MS = 100
const LONGEST_ANSWER = 4096

/** Who listens there: what a web server calls itself, or words for whoever says nothing; undefined for nobody. */
export function knock(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connectTo({ host: host.replace(/^\[(.*)\]$/, '$1'), port })
    let asked = false
    let answer = ''
    const end = () => {
      clearTimeout(drop)
      socket.destroy()
      resolve(asked ? nameOf(answer) : undefined)
    }
    let drop: NodeJS.Timeout | undefined
    socket.setTimeout(KNOCK_MS, end)
    socket.setEncoding('latin1')
    socket.once('connect', () => {
      drop = setTimeout(() => {
        asked = true
        socket.write('GET / HTTP/1.0\r\n\r\n')
      }, DROP_MS)
    })
    socket.on('data', (text: string) => {
      // Whoever speaks first listens as well.
      asked = true
      answer += text
      if (answer.length > LONGEST_ANSWER || answer.includes('\r\n\r\n')) end()
    })
    socket.once('end', end)
    socket.once('close', end)
    socket.once('error', end)
  })
}

/** From the `Server` header of what a stranger wrote: only what looks like a program's name. */
function nameOf(answer: string): string {
  return /^server: ?([a-z][\w.-]{0,30})/im.exec(answer)?.[1] ?? 'something that is listening there'
}
