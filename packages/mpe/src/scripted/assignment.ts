/**
 * For each row of a square matrix of costs, its column, so that every column is taken once and the sum of the costs is the least.
 * The Hungarian method with potentials: rows are added one by one, each by the cheapest path of changes to those before it.
 */
export function leastAssignment(costs: readonly (readonly number[])[]): number[] {
  const n = costs.length;
  const rowPotential = new Array<number>(n).fill(0);
  const columnPotential = new Array<number>(n + 1).fill(0);
  /** The row that has each column, or -1. The column n stands for "none": there a new row starts. */
  const rowOf = new Array<number>(n + 1).fill(-1);
  for (let row = 0; row < n; row++) {
    rowOf[n] = row;
    const least = new Array<number>(n).fill(Number.POSITIVE_INFINITY);
    const from = new Array<number>(n).fill(n);
    const done = new Array<boolean>(n + 1).fill(false);
    let column = n;
    while (rowOf[column] >= 0) {
      done[column] = true;
      const current = rowOf[column];
      let [step, next] = [Number.POSITIVE_INFINITY, n];
      for (let j = 0; j < n; j++) {
        if (done[j]) continue;
        const cost = costs[current][j] - rowPotential[current] - columnPotential[j];
        if (cost < least[j]) {
          least[j] = cost;
          from[j] = column;
        }
        if (least[j] < step) [step, next] = [least[j], j];
      }
      for (let j = 0; j <= n; j++) {
        if (done[j]) {
          rowPotential[rowOf[j]] += step;
          columnPotential[j] -= step;
        } else if (j < n) least[j] -= step;
      }
      column = next;
    }
    for (; column !== n; column = from[column]) rowOf[column] = rowOf[from[column]];
  }
  const assigned = new Array<number>(n).fill(0);
  for (let j = 0; j < n; j++) assigned[rowOf[j]] = j;
  return assigned;
}
