import { InvalidArgumentError } from 'commander'
import { parseSize } from '../core/size.ts'

const units: Record<string, number> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

/** Longer is a slip, and above 24.8 days a timer of Node fires at once. */
const longestMs = 24 * 3_600_000

/** Milliseconds of `30s`, `5m`, `500ms`; a bare number is seconds. At most a day. */
export function parseDuration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)?$/.exec(text)
  const milliseconds = Math.round(Number(match?.[1]) * (units[match?.[2] ?? 's'] ?? 1000))
  if (!match || milliseconds > longestMs)
    throw new InvalidArgumentError('Write it like 30s, 5m or 500ms, at most 24h.')
  return milliseconds
}

/** A duration that something has to fit in. */
export function parseTimeout(text: string): number {
  const milliseconds = parseDuration(text)
  if (milliseconds < 1) throw new InvalidArgumentError('Write it like 30s, 5m or 500ms, more than 0.')
  return milliseconds
}

/** How many requests may be under way at the same time; more is an attack, not an apply. */
export const parseParallelism = wholeNumber(1, 100, 'Write a whole number, 1 to 100.')

/** A port; 0 takes any free one. */
export const parsePort = wholeNumber(0, 65535, 'Write a port, 0 to 65535.')

/** Milliseconds as a bare number, at most an hour. */
export const parseMilliseconds = wholeNumber(0, 3_600_000, 'Write milliseconds, 0 to 3600000.')

function wholeNumber(from: number, to: number, sentence: string): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN
    if (!(value >= from && value <= to)) throw new InvalidArgumentError(sentence)
    return value
  }
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

const MOST_LAYER = 256 * 1024 ** 2

/** Bytes of a layer that is made to be pushed. */
export function parseLayerSize(text: string): number {
  const size = parseSize(text)
  if (size === undefined || size < 1 || size > MOST_LAYER)
    throw new InvalidArgumentError('Write a size from 1B to 256MiB, like 100MiB.')
  return size
}
