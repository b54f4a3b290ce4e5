// What a command line runs. It is a file of its own in dist, which `--version` and `--help` do not read; each command is imported when it runs.
export { guarded } from './run/guard.ts'

export const init = async () => (await import('./commands/init.ts')).init
export const plan = async () => (await import('./commands/plan.ts')).plan
export const apply = async () => (await import('./commands/apply.ts')).apply
export const validate = async () => (await import('./commands/validate.ts')).validate
export const verify = async () => (await import('./commands/verify.ts')).verify
export const render = async () => (await import('./commands/render.ts')).render
export const image = async () => (await import('./commands/image.ts')).image
export const rewrite = async () => (await import('./commands/rewrite.ts')).rewrite
export const wait = async () => (await import('./commands/wait.ts')).wait
export const sandbox = async () => (await import('./commands/sandbox.ts')).sandbox
