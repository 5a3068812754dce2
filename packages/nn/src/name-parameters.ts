import type { Module } from './module.js';

/** Sets the `name` of every parameter to its dotted name, after an optional prefix. Errors and `inspect` show it. */
export function nameParameters(module: Pick<Module, 'namedParameters'>, prefix = ''): void {
  for (const [name, parameter] of module.namedParameters()) {
    parameter.name = prefix ? `${prefix}.${name}` : name;
  }
}
