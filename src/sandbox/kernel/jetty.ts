// What Jetty itself answers, before Nexus sees the request: malformed URLs, paths outside the context, stopping.
import type { Profile } from './profile.ts'
import type { Reply } from './types.ts'

const jettyVersions = [
  ['3.78', '12.0.17'],
  ['3.77', '9.4.56.v20240826'],
  ['3.62', '9.4.53.v20231009'],
  ['3.41', '9.4.43.v20210629'],
  ['3.0', '9.4.30.v20200611'],
] as const

function jettyVersion(profile: Profile): string {
  return jettyVersions.find(([since]) => profile.since(since))?.[1] ?? ''
}

function jettyReply(profile: Profile, reply: Reply): Reply {
  return {
    ...reply,
    headers: { ...reply.headers, Server: `Jetty(${jettyVersion(profile)})`, 'X-Content-Type-Options': [] },
  }
}

/** 400 for a URL with broken percent-encoding. */
export function malformedUrl(profile: Profile): Reply {
  const page = `<h1>Bad Message 400</h1><pre>reason: Bad URI</pre>`
  const html = `<html>\n<head><title>Error 400 Bad Request</title></head>\n<body><h2>HTTP ERROR 400 Bad Request</h2></body>\n</html>\n`
  return jettyReply(profile, {
    status: 400,
    contentType: 'text/html;charset=iso-8859-1',
    body: profile.since('3.78') ? html : page,
  })
}

/** The context path without its slash is redirected. */
export function redirectToContext(profile: Profile, baseUrl: string): Reply {
  return jettyReply(profile, { status: 302, headers: { Location: `${baseUrl}/` } })
}

/** 404 for every path outside the context path; JSON only where the client asks for it. */
export function outsideContext(profile: Profile, url: string, accept: string | undefined): Reply {
  const json = accept?.includes('application/json') === true
  return jettyReply(profile, {
    status: 404,
    contentType: json ? 'application/json' : 'text/html;charset=iso-8859-1',
    body: json
      ? `{"url":"${url}","status":"404","message":"Not Found"}`
      : '<html>\n<head><title>Error 404 Not Found</title></head>\n<body><h2>HTTP ERROR 404 Not Found</h2></body>\n</html>\n',
  })
}

/** The empty 503 of a server that is stopping. */
export function stopping(profile: Profile): Reply {
  return jettyReply(profile, { status: 503 })
}
