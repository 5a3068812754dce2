export { ArgumentError } from './argument-error.js';
export {
  type Check,
  checkArgument,
  checkNoMore,
  checkOptions,
  countArguments,
  type OptionChecks,
  wrongValueInWords,
} from './check-options.js';
export { ofAnotherCopy } from './copies.js';
export { describe } from './describe.js';
export * from './ranges.js';
export { likelyMeant, noSuch } from './unknown-name.js';
