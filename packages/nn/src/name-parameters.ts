import { type Check, checkArgument, text } from '@paragrad/check';
import type { Module } from './module.js';

/** Sets the `name` of every parameter to its dotted name, after an optional prefix. Errors and `inspect` show it. */
export function nameParameters(module: Pick<Module, 'namedParameters'>, prefix = ''): void {
  checkArgument('nameParameters', 'module', module, hasParameters);
  checkArgument('nameParameters', 'prefix', prefix, text);
  for (const [name, parameter] of module.namedParameters()) {
    parameter.name = prefix ? `${prefix}.${name}` : name;
  }
}

type WithParameters = Pick<Module, 'namedParameters'>;
const hasParameters: Check<WithParameters> = {
  inWords: 'a module',
  accepts: (value): value is WithParameters =>
    typeof (value as WithParameters | null | undefined)?.namedParameters === 'function',
};
