import type { Finding } from './rule.ts'

/** What is wrong with a URL to another server; undefined for a good one or none. Credentials in it would be stored and shown in clear. */
export function urlProblem(field: string, value: unknown): Finding | undefined {
  if (typeof value !== 'string') return undefined
  if (!URL.canParse(value) || !/^https?:\/\/[^/\s]\S*$/i.test(value)) {
    return {
      code: 'invalid-url',
      message: `${field}: this is not an http or https URL`,
      hint: 'write it like https://registry.example.com',
    }
  }
  const url = new URL(value)
  if (url.username !== '' || url.password !== '') {
    return {
      code: 'credentials-in-url',
      message: `${field}: the URL holds credentials`,
      hint: 'put them into fields of their own, where they are kept secret',
    }
  }
  if (url.search !== '' || url.hash !== '') {
    return {
      code: 'invalid-url',
      message: `${field}: the URL has a query or fragment`,
      hint: 'write only scheme, host, port and path',
    }
  }
  return undefined
}
