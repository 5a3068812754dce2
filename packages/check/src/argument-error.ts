/** An argument that a function or constructor does not take. The message says what was given and what is possible. */
export class ArgumentError extends Error {
  override readonly name = 'ArgumentError';
}
