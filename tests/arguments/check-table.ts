import * as check from '@paragrad/check';
import { open } from './fuzz.js';
import type { Exceptions, Table } from './walk.js';

/** Valid arguments of every function of @paragrad/check. */
export const checkTable: Table = {
  describe: () => [1, 2],
  integerFrom: () => [1],
  oneOf: () => ['a', 'b'],
  listOf: () => [open(check.integer)],
  mapOf: () => [open(check.integer)],
  instanceOf: () => [Map, 'a Map'],
  either: () => [open(check.integer), open(check.text)],
};

/** Why a function is not walked. */
export const checkExceptions: Exceptions = {
  ...Object.fromEntries(
    ['checkArgument', 'checkOptions', 'checkNoMore', 'countArguments'].map((name) => [
      name,
      'its own arguments are constants of the code that calls it, and ops call it several times',
    ]),
  ),
  ...Object.fromEntries(
    ['likelyMeant', 'noSuch', 'ofAnotherCopy', 'wrongValueInWords'].map((name) => [
      name,
      'makes a part of an error, from names that were checked',
    ]),
  ),
};
