/** What users can call in a package: its functions, its classes, and the methods of their objects. */
import type { Call, ValidArguments } from './fuzz.js';

export type Table = Readonly<Record<string, ValidArguments>>;

/** Why something exported is not called with wrong arguments, by its name. */
export type Exceptions = Readonly<Record<string, string>>;

/** The exported functions and classes but those of errors, by name; those in a namespace as `init.zeros`. */
export function functionsOf(exports: object, prefix = ''): [name: string, call: Call][] {
  return Object.entries(exports).flatMap(([name, value]): [string, Call][] => {
    if (typeof value === 'function' && value.prototype instanceof Error) return [];
    if (typeof value === 'function') return [[prefix + name, callable(value as Call)]];
    return Object.prototype.toString.call(value) === '[object Module]'
      ? functionsOf(value as object, `${prefix}${name}.`)
      : [];
  });
}

/** A class as a function that makes an object. */
function callable(value: Call): Call {
  return isClass(value) ? (...args) => Reflect.construct(value, args) as unknown : value;
}

export function isClass(value: unknown): value is Call {
  return typeof value === 'function' && /^class\b/.test(Function.prototype.toString.call(value));
}

/** The objects whose methods are walked: one of each exported class, and others that functions return. */
export function objectsOf(exports: object, table: Table, exceptions: Exceptions): [string, () => object][] {
  return Object.entries(exports)
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .filter(([name, value]) => isClass(value) && name in table && !(name in exceptions))
    .map(([name, value]) => [
      name,
      () => Reflect.construct(value as Call, table[name]() as never[]) as object,
    ]);
}

/** A method or a setter. Its name is that of the class that has it, and its own: `Module.train`, `Optimizer.lr =`. */
export interface Method {
  readonly name: string;
  /** Calls it on an object. */
  readonly call: (object: object, ...args: never[]) => unknown;
  readonly itself: unknown;
}

/** Its methods and setters, also the inherited ones. */
export function methodsOf(object: object): Method[] {
  const methods: Method[] = [];
  const names = new Set(['constructor']); // one that is overridden is not walked again
  for (
    let kind = Object.getPrototypeOf(object);
    kind !== Object.prototype;
    kind = Object.getPrototypeOf(kind)
  ) {
    const owner: string = kind.constructor.name;
    for (const [name, { value, set }] of Object.entries(Object.getOwnPropertyDescriptors(kind as object))) {
      if (names.has(name)) continue;
      names.add(name);
      if (set) {
        const call = (one: object, ...[given]: unknown[]) => Reflect.set(one, name, given);
        methods.push({ name: `${owner}.${name} =`, call, itself: set });
      } else if (typeof value === 'function') {
        const call = (one: object, ...args: never[]) => (value as Call).apply(one, args);
        methods.push({ name: `${owner}.${name}`, call, itself: value });
      }
    }
  }
  return methods;
}
