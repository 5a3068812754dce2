/** The attributes of an op as plain data: numbers, texts, and arrays and objects of them. Null if there are none. */
export function plainCopy(attributes: unknown): Readonly<Record<string, unknown>> | null {
  const copy = copied(attributes);
  return typeof copy === 'object' && copy !== null && !Array.isArray(copy)
    ? (copy as Record<string, unknown>)
    : null;
}

/** Undefined for what is no plain data, such as a function or an object with methods. */
function copied(value: unknown): unknown {
  if (value === null || ['number', 'string', 'boolean'].includes(typeof value)) return value;
  if (Array.isArray(value)) return value.map(copied);
  if (ArrayBuffer.isView(value)) return Array.from(value as Int32Array);
  if (typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) return undefined;
  const entries = Object.entries(value).map(([name, one]) => [name, copied(one)] as const);
  return Object.fromEntries(entries.filter(([, one]) => one !== undefined));
}
