/** Does this for 0, 1, ... `count - 1`, three at a time: on two cores, because each waits for the disk a third of its time. */
export async function threeAtOnce(count: number, work: (k: number) => Promise<void>): Promise<void> {
  let next = 0;
  const worker = async () => {
    while (next < count) {
      const k = next++;
      await work(k).catch((error) => {
        throw new Error(`number ${k}: ${error.message}`, { cause: error });
      });
    }
  };
  await Promise.all([worker(), worker(), worker()]);
}
