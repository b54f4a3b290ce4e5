import { describe, expect, it } from 'vitest'
import { client, failure, get, server } from '../nexus/helpers.ts'
import { NEXUS } from './scripted-server.ts'

describe('a redirect', () => {
  it('within the server is followed by a GET, with credentials', async () => {
    const target = await server(({ path }) =>
      path === '/nexus/x'
        ? { status: 200, headers: NEXUS, body: { ok: 1 } }
        : { status: 302, headers: { location: '/nexus/x' } },
    )
    const { nexus } = client(target.url)
    expect(await get(nexus, '/x')).toEqual({ ok: 1 })
    expect(target.received[1]?.headers.authorization).toBeDefined()
    expect(nexus.counts.total).toBe(2)
  })

  it('is not followed by a change, which could be done at a place that nobody named', async () => {
    const target = await server(() => ({ status: 308, headers: { location: '/nexus/x' } }))
    const error = await failure(client(target.url).nexus.request({ method: 'PUT', path: '/x', json: {} }))
    expect(error).toMatchObject({ code: 'redirected', exitCode: 4 })
    expect(error.hint).toContain(`${target.url}/nexus`)
    expect(target.received).toHaveLength(1)
  })

  it('to another host, port or scheme gets no request, so no credentials', async () => {
    const other = await server(() => ({ status: 200, headers: NEXUS, body: {} }))
    for (const location of [`${other.url}/x?token=canary`, `http://localhost:${other.port}/x`]) {
      const target = await server(() => ({ status: 307, headers: { location } }))
      for (const anonymous of [true, false]) {
        const error = await failure(
          client(target.url).nexus.request({ method: 'GET', path: '/x', anonymous }),
        )
        expect(error).toMatchObject({ code: 'redirected', exitCode: 4 })
        expect(error.message + String(error.hint)).not.toContain('canary')
      }
    }
    expect(other.received).toHaveLength(0)
  })

  it('to https of the same host becomes the advice to use that', async () => {
    const target = await server(({ path }) => ({
      status: 301,
      headers: { location: `https://127.0.0.1${path}` },
    }))
    const error = await failure(get(client(`${target.url}/nexus`).nexus, '/service/rest/v1/x'))
    expect(error.code).toBe('redirected-to-https')
    expect(error.message).toContain('the server redirects to https://127.0.0.1/nexus; set that as the URL')
  })

  it.each([
    ['of Nexus', NEXUS],
    ['of something else', {}],
  ])('to a page %s names the place', async (_, headers) => {
    const page = '<!doctype html><title>Sonatype Nexus Repository</title>'
    const target = await server(({ path }) =>
      path === '/nexus/'
        ? { status: 200, headers: { ...headers, 'content-type': 'text/html' }, text: page }
        : { status: 302, headers: { location: '/nexus/' } },
    )
    const error = await failure(get(client(target.url).nexus, '/x'))
    expect(error).toMatchObject({ code: 'html-answer', exitCode: 4 })
    expect(error.hint).toContain(`redirects to ${target.url}/nexus/: `)
    expect(error.hint).toContain(`--url ${target.url}/nexus;`)
  })

  it('in a circle ends', async () => {
    const target = await server(() => ({ status: 302, headers: { location: '/x' } }))
    expect((await failure(get(client(target.url).nexus, '/x'))).code).toBe('redirect-loop')
    expect(target.received).toHaveLength(6)
  })

  it('that leads nowhere is said', async () => {
    const target = await server(() => ({ status: 302, headers: { location: 'http://[' } }))
    expect((await failure(get(client(target.url).nexus, '/x'))).code).toBe('redirected')
  })
})
