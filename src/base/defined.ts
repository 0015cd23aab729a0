// An unknown value is absent in the model and the contract, never null and never undefined.

export type Defined<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

/** The fields that have a value. */
export function defined<T extends object>(fields: T): Defined<T> {
  const found: { [K in keyof T]?: T[K] } = {};
  for (const name in fields) if (fields[name] !== undefined) found[name] = fields[name];
  // The cast only removes `undefined`, which is not among the values.
  return found as Defined<T>;
}
