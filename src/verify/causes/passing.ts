import { asked, type Cause, isAtEndpoint, proxyLine, quoted } from './cause.ts'

/** What a reverse proxy refuses, loses, changes or keeps on the way (edge.md 1 and 4). */
export const passingCauses: readonly Cause[] = [
  {
    code: 'headers-lost',
    title: 'an answer comes without a header that docker needs',
    when: ({ wrong }) => wrong.fault === 'no-range' || wrong.fault === 'no-digest',
    message: (it) =>
      `the answer to ${asked(it)} lacks ${it.wrong.fault === 'no-range' ? 'Range' : 'Docker-Content-Digest'}, which Nexus sends: docker push fails without`,
    hint: 'The reverse proxy must pass on the headers of answers as they are.',
    where: proxyLine('proxy_hide_header, Header unset: not for Range and Docker-Content-Digest'),
  },
  {
    code: 'length-required',
    title: 'the reverse proxy takes no upload of unknown length',
    when: ({ wrong }) => wrong.status === 411 || (wrong.step === 'patch-blob' && wrong.status === 501),
    message: (it) =>
      `${asked(it)} was refused (${quoted(it)}): docker sends layers in chunks, without a Content-Length`,
    hint: 'Let it take Transfer-Encoding: chunked.',
    where: proxyLine('proxy_http_version 1.1; proxy_request_buffering off;'),
  },
  {
    code: 'layers-cached',
    title: 'something in front keeps layers, and gives them to everybody',
    when: ({ wrong }) => wrong.step === 'anonymous-blob' && wrong.status === 200,
    message: (it) =>
      `${it.wrong.url} is refused without a login until somebody who is logged in has pulled it: then everybody gets it`,
    hint: 'No cache in front: it does not ask who may pull. A proxy repository is the cache.',
    where: proxyLine('proxy_cache off;'),
  },
  {
    code: 'methods-filtered',
    title: 'the reverse proxy lets not every method through',
    when: ({ wrong }) => [403, 405, 501].includes(wrong.status ?? 0) && wrong.page,
    message: (it) =>
      `something in front of Nexus refuses ${it.wrong.method} (${it.wrong.status}, a web page)`,
    hint: 'A registry needs GET, HEAD, POST, PUT, PATCH and DELETE.',
    where: proxyLine('limit_except GET HEAD POST PUT PATCH DELETE { deny all; }'),
  },
  {
    code: 'encoded-slash',
    title: 'the reverse proxy refuses %2F',
    when: ({ wrong }) => wrong.step === 'mount' && [400, 403, 404, 414].includes(wrong.status ?? 0),
    message: (it) => `a request with %2F in it was refused (${quoted(it)}), the same one without it was not`,
    hint: 'Pass the address on as it came, undecoded.',
    where: proxyLine('AllowEncodedSlashes NoDecode (Apache), proxy_pass without a path (nginx)'),
  },
  {
    code: 'query-lost',
    title: 'the reverse proxy loses what stands behind the ?',
    when: (it) =>
      isAtEndpoint(it) && ['put-blob', 'close-upload'].includes(it.wrong.step) && it.wrong.status === 400,
    message: (it) => `the end of an upload was refused (${quoted(it)}), as if it came without its digest`,
    hint: 'Pass the address on as it came, with its query: the digest stands there, and the scope of a token.',
    where: proxyLine('proxy_pass http://$to$request_uri; # no rewrite that drops $is_args$args'),
  },
  {
    code: 'bytes-changed',
    title: 'what is pulled is not what was pushed',
    when: ({ wrong }) =>
      wrong.fault === 'bytes-differ' || (wrong.step === 'get-blob' && wrong.failure?.kind === 'too-large'),
    message: (it) => `the bytes of ${it.wrong.url} are not those of their digest`,
    hint: 'Something in between compresses, rewrites or caches: switch that off for /v2/.',
    where: proxyLine('gzip off; proxy_buffering off; # and no sub_filter, no cache'),
  },
]
