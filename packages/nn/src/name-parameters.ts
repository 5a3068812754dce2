import type { Module } from './module.js';

/** Gives every parameter its dotted name, after `prefix` if there is one, for errors and for the inspected graph. */
export function nameParameters(module: Pick<Module, 'namedParameters'>, prefix = ''): void {
  for (const [name, parameter] of module.namedParameters()) {
    parameter.name = prefix ? `${prefix}.${name}` : name;
  }
}
