// Which kernels threads share. A worker that was asleep, or whose core has other work, costs up to a millisecond. On two cores,
// two threads gained nothing for products of [512, 64] and [64, 64], and a third to a half for 1024 rows; elementwise kernels of
// 32,768 numbers gained nothing, those of 131,072 a third. Only sizes decide, and not results: their bits are the same.

const LEAST_OPERATIONS = 2 ** 21;
const MOST_NUMBERS_ALONE = 2 ** 16;

/** Whether threads share a product of [m, k] and [k, n]. */
export function sharesProduct(m: number, k: number, n: number): boolean {
  return 2 * m * k * n >= LEAST_OPERATIONS;
}

/** Whether threads share a kernel that reads or writes so many numbers. */
export function sharesNumbers(count: number): boolean {
  return count > MOST_NUMBERS_ALONE;
}

/** How many of the threads compute a product, and why. */
export function threadsOf(m: number, k: number, n: number, count: number): { threads: number; why: string } {
  const operations = (2 * m * k * n).toLocaleString('en');
  const limit = LEAST_OPERATIONS.toLocaleString('en');
  return sharesProduct(m, k, n)
    ? { threads: count, why: `${count} threads share its ${operations} operations` }
    : {
        threads: 1,
        why: `one thread, because ${operations} operations are fewer than the ${limit} that are worth sharing`,
      };
}
