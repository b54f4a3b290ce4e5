import { InvalidArgumentError } from 'commander'
import { parseSize } from '../../core/size.ts'

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Milliseconds of `30s`, `5m`, `500ms`; a bare number is seconds. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text.trim())
  if (!match) throw new InvalidArgumentError('Write it like 30s, 5m or 500ms.')
  return Math.round(Number(match[1]) * (units[match[2] ?? 's'] ?? 1000))
}

/** A whole number of at least 1. */
export function parseCount(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1)
    throw new InvalidArgumentError('Write a whole number of at least 1.')
  return value
}

/** A port; 0 takes any free one. */
export function parsePort(text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 0 || value > 65535)
    throw new InvalidArgumentError('Write a port, 0 to 65535.')
  return value
}

const LEAST_ANSWER = 1024
/** What Node.js can hold as one text, with room to spare. */
const MOST_ANSWER = 256 * 1024 ** 2

/** Bytes of `32MiB`, for one answer. */
export function parseAnswerSize(text: string): number {
  const size = parseSize(text)
  if (size === undefined || size < LEAST_ANSWER || size > MOST_ANSWER)
    throw new InvalidArgumentError('Write a size from 1KiB to 256MiB, like 64MiB.')
  return size
}
