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
export {
  ActionError,
  ArgumentError,
  AutogradError,
  CheckError,
  FileError,
  NumericalError,
  ParagradError,
  PlatformError,
  ShapeError,
  StateError,
} from './errors.js';
export * from './ranges.js';
export { likelyMeant, noSuch } from './unknown-name.js';
