// Compile-time paths into Sonatype's own request models: a field that the model does not have is a type error.
type Scalar = string | number | boolean | null | undefined

/** Every dotted path of a model, sections included: `docker`, `docker.httpPort`. */
export type WirePath<Model> = {
  [Key in keyof Model & string]: NonNullable<Model[Key]> extends Scalar | readonly unknown[] | Set<unknown>
    ? Key
    : Key | `${Key}.${WirePath<NonNullable<Model[Key]>>}`
}[keyof Model & string]

/** What the model holds at a path. */
export type WireValue<Model, Path extends string> = Path extends `${infer Head}.${infer Rest}`
  ? Head extends keyof Model
    ? WireValue<NonNullable<Model[Head]>, Rest>
    : never
  : Path extends keyof Model
    ? Widen<NonNullable<Model[Path]>>
    : never

/** Enums of the client are unions of literals that servers take in any case; lists and sets are JSON lists. */
type Widen<Value> = Value extends string ? string : Value extends Set<infer Item> ? Item[] : Value
