/** Does this for 0, 1, ... `count - 1`, two at a time: one for each core of a small machine. */
export async function twoAtOnce(count: number, work: (k: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const k = next++;
      await work(k).catch((error) => {
        throw new Error(`number ${k}: ${error.message}`, { cause: error });
      });
    }
  };
  await Promise.all([worker(), worker()]);
}
