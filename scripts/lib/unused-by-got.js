// Stands in the bundle for got's HTTP/2 client, response cache and DNS cache, which are used where got's options ask for them.

export class CacheError extends Error {}

function Unused() {
  throw new Error('nexus-docker is built without HTTP/2, response cache and DNS cache')
}

// biome-ignore lint/style/noDefaultExport: got imports it like this
export { Unused as default }
