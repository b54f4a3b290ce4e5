// The answers of real servers: nine recordings (scripts/recorder/README.md) that are nearly alike, in one archive of 60 KB.
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliCompressSync, brotliDecompressSync, constants } from 'node:zlib'
import { root } from './bundle.js'

export const archive = join(root, 'test/contract/recordings.br')

/**
 * By name: `core-3.89.0.json`. Fails where the archive is missing.
 * @returns {Record<string, any>}
 */
export function readRecordings() {
  return JSON.parse(brotliDecompressSync(readFileSync(archive)).toString())
}

/** @param {Record<string, any>} recordings */
export function writeRecordings(recordings) {
  const text = Buffer.from(JSON.stringify(recordings))
  const params = {
    // The window has to hold a whole recording, so that the next one is told by its differences.
    [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
    [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
    [constants.BROTLI_PARAM_SIZE_HINT]: text.length,
  }
  writeFileSync(archive, brotliCompressSync(text, { params }))
}
