import type { Site } from '../../edge/edge.ts'

/**
 * The name and the priority of a site's rule: the router with the highest is asked first. Other people's catch-alls, whose priority is the
 * length of their rule, come after all of ours.
 */
export function orderOf({ host, port, rules }: Site, index: number): { name: string; priority: number } {
  const place = [443, 80].includes(port) ? host : `${host}:${port}`
  return { name: `${slug(place)}-${index + 1}`, priority: 1000 + 10 * (rules.length - 1 - index) }
}

/** For a label, where dots part names. No two hosts become the same. */
export function slug(text: string): string {
  return text
    .replaceAll('-', '--')
    .replaceAll(/[./]/g, '-')
    .replaceAll(/[^\w-]/g, '_')
    .replaceAll(/^-+|-+$/g, '')
}
