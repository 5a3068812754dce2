/**
 * A scripted player of simple_spread: every agent gets its own landmark, with the least sum of distances, and goes there. It knows
 * where everything is, which agents that learned do not.
 */
import type { Policy } from '@paragrad/maddpg';
import type { ParallelEnv, Vector2 } from '@paragrad/mpe';

/** The policy for this environment, which must take actions of mode 'force'. */
export function assignmentPolicy(env: ParallelEnv): Policy<number[]> {
  return () => {
    const { agents, landmarks } = env.getState();
    const distance = ([x, y]: Vector2, [toX, toY]: Vector2) => Math.hypot(toX - x, toY - y);
    const goals = leastAssignment(agents.map(({ pos }) => landmarks.map((to) => distance(pos, to.pos))));
    return Object.fromEntries(
      agents.map(({ name, pos, vel }, i) => {
        const goal = landmarks[goals[i]].pos;
        // As fast as possible, and braking in time.
        return [name, [0, 1].map((axis) => clip(4 * (goal[axis] - pos[axis]) - vel[axis]))];
      }),
    );
  };
}

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

function clip(x: number): number {
  return Math.min(Math.max(x, -1), 1);
}
