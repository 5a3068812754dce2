const MOST_ELEMENTS = 8;
const MOST_LETTERS = 60;

/** A value in an error message: short, and with NaN and Infinity by name. */
export function describe(value: unknown, depth = 2): string {
  switch (typeof value) {
    case 'string':
      return JSON.stringify(value.length > MOST_LETTERS ? `${value.slice(0, MOST_LETTERS)}...` : value);
    case 'function':
      return value.name ? `the function ${value.name}` : 'a function';
    case 'bigint':
      return `${value}n`;
    case 'object':
      return value === null ? 'null' : describeObject(value, depth);
    default:
      return String(value);
  }
}

function describeObject(value: object, depth: number): string {
  const within = (inner: unknown) => (depth > 0 ? describe(inner, depth - 1) : '...');
  try {
    if (Array.isArray(value)) return `[${listed(value, within)}]`;
    if (ArrayBuffer.isView(value) && Symbol.iterator in value) {
      return `${value.constructor.name} [${listed(Array.from(value as Iterable<unknown>), within)}]`;
    }
    const kind: unknown = value.constructor?.name;
    if (typeof kind === 'string' && kind !== '' && kind !== 'Object') {
      return `${/^[AEIOU]/.test(kind) ? 'an' : 'a'} ${kind}`;
    }
    const entries = Object.entries(value);
    return entries.length === 0
      ? '{}'
      : `{ ${listed(entries, ([name, inner]) => `${name}: ${within(inner)}`)} }`;
  } catch {
    return 'an object that cannot be read'; // a getter or a proxy that throws
  }
}

function listed<T>(elements: readonly T[], inWords: (element: T) => string): string {
  const shown = elements.slice(0, MOST_ELEMENTS).map(inWords);
  return (elements.length > shown.length ? [...shown, '...'] : shown).join(', ');
}
