// The few pages of the web server that clients run into.
import type { Route } from '../kernel/types.ts'

const robots = 'User-agent: *\nDisallow: /repository/\nDisallow: /service/\nAllow: /\n'

export const pageRoutes: readonly Route[] = [
  {
    method: 'GET',
    path: '/',
    root: true,
    handler: () => ({
      status: 200,
      contentType: 'text/html',
      body: '<!DOCTYPE html>\n<html lang="en">\n<head><title>Sonatype Nexus Repository</title></head>\n<body>Loading ...</body>\n</html>\n',
    }),
  },
  {
    method: 'GET',
    path: '/robots.txt',
    root: true,
    handler: () => ({ status: 200, contentType: 'text/plain', body: robots }),
  },
]
