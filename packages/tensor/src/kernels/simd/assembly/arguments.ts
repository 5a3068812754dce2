/** The arguments of the current job, one 32-bit word each. The variables of jobs.ts are at the addresses below. */
const ARGUMENTS: usize = 264;

/** Argument `index` of the current job. */
export function argument(index: i32): usize {
  return load<u32>(ARGUMENTS + index * 4);
}

export function setArgument(index: i32, value: usize): void {
  store<u32>(ARGUMENTS + index * 4, value);
}
