/**
 * What an agent that is not live means for learning. It has ended, or has not appeared yet. Then its observation, its action
 * and its reward are zeros, also for the other agents' critics, and its own losses leave those rows out. If all agents were
 * live in every row, a batch has no `liveness`, and everything here returns what it was given.
 */
import { concat, indexSelect, noGrad, stack, sub, type Tensor, where, zeros } from '@paragrad/tensor';
import { type Batch, jointBatch } from './batch.js';
import { meanOf } from './mean-of.js';

/** The rows in which agent i was live: x [batch, k] -> [rows, k] */
export function liveRows(x: Tensor, batch: Batch, i: number): Tensor {
  return batch.liveness ? indexSelect(x, 0, indicesOfRows(batch, i)) : x;
}

/**
 * The mean over the rows in which agent i was live: x [batch, 1] -> []. Without such rows the constant 0. For a group of agents,
 * the mean for each: [agents, batch, 1] -> [agents].
 */
export function meanWhileLive(x: Tensor, batch: Batch, i: number): Tensor {
  return isEverLive(batch, i) ? meanOf(liveRows(x, batch, i)) : zeros([], { dtype: x.dtype });
}

/** Whether agent i was live in any row. If not, there is nothing to learn for it. */
export function isEverLive(batch: Batch, i: number): boolean {
  return !batch.liveness || indicesOfRows(batch, i).length > 0;
}

/** Agent j's action [batch, act_j], or its value, as critics see it at o: zeros where it was not live. */
export function zeroWhereAbsent(value: Tensor, { liveness }: Batch, j: number): Tensor {
  return liveness ? zeroWhereNot(liveness.live[j], value) : value;
}

/** An agent, or all agents as a team with one value. */
export type Viewer = number | 'team';

/**
 * What follows at o': the joint observation x' [batch, sum of obs_j] and the actions a'_j [batch, act_j] (or values), with zeros
 * for the agents that are not there.
 *
 * If agent i is live at o', those that are live at o' are there. If it was cut off, its world would have gone on: then those that
 * were cut off together with it are there as well. For a team, those that are live are there; if none is, those that were cut off.
 */
export function nextState(
  batch: Batch,
  nextActions: readonly Tensor[],
  viewer: Viewer,
): {
  /** x': [batch, sum of obs_j] */
  x: Tensor;
  /** a'_j of every agent j, or its value: [batch, act_j] or [batch, 1] */
  actions: readonly Tensor[];
} {
  if (!batch.liveness) return { x: batch.nextX, actions: nextActions };
  const there = nextOf(batch, viewer);
  const ofThose = (values: readonly Tensor[]) => values.map((value, j) => zeroWhereNot(there[j], value));
  return { x: noGrad(() => concat(ofThose(batch.nextObservations), 1)), actions: ofThose(nextActions) };
}

/** Whether agents may see others at o' differently, because some were cut off. */
export function viewsDiffer({ liveness }: Batch): boolean {
  return liveness?.truncated.some(({ data }) => data.some((cutOff) => cutOff !== 0)) ?? false;
}

/** For each agent j, 1 where it is there at o' as the viewer sees it, else 0: [batch, 1] each. */
export function nextOf({ liveness }: Batch, viewer: Viewer): Tensor[] {
  const { nextLive, truncated } = liveness!;
  return noGrad(() => {
    const noneLive = () => sub(1, stack(nextLive).sum({ axis: 0 }).clamp({ max: 1 }));
    const counts = viewer === 'team' ? noneLive() : truncated[viewer]; // where agents that were cut off are there
    return nextLive.map((live, j) => live.add(truncated[j].mul(counts)));
  });
}

/** Whether the team has no future: the mean of done_i over the agents that are there at o', and 1 if none is. [batch, 1] */
export function teamDone(batch: Batch): Tensor {
  if (!batch.liveness) return concat(batch.terminations, 1).mean({ axis: 1, keepDim: true });
  return noGrad(() => {
    const there = nextOf(batch, 'team');
    const future = there.map((one, i) => one.mul(sub(1, batch.terminations[i])));
    return sub(
      1,
      stack(future)
        .sum({ axis: 0 })
        .div(stack(there).sum({ axis: 0 }).clamp({ min: 1 })),
    );
  });
}

/**
 * The batch with zeros for the observations and actions of agents that were not live, and for the next observations of agents
 * that are neither live there nor cut off. Rewards stay: with n-step returns, an agent may have appeared and got some.
 */
export function withoutAbsent(batch: Batch): Batch {
  const { liveness } = batch;
  if (!liveness) return batch;
  const { live } = liveness;
  return noGrad(() =>
    jointBatch({
      ...batch,
      observations: batch.observations.map((x, i) => zeroWhereNot(live[i], x)),
      actions: batch.actions.map((x, i) => zeroWhereNot(live[i], x)),
      nextObservations: batch.nextObservations.map((x, i) => zeroWhereNot(nextOf(batch, i)[i], x)),
    }),
  );
}

/** Changes the rows in which agent i was live by `change`, which sees only them. The other rows get any numbers. */
export function changeLiveRows(x: Tensor, batch: Batch, i: number, change: (rows: Tensor) => Tensor): Tensor {
  if (!batch.liveness) return change(x);
  const rows = indicesOfRows(batch, i);
  if (rows.length === 0) return x;
  const places = new Int32Array(x.shape[0]);
  rows.forEach((row, place) => {
    places[row] = place;
  });
  return indexSelect(change(indexSelect(x, 0, rows)), 0, places);
}

/** x where the mask [batch, 1] is not 0, else 0. A constant if it is 0 everywhere: then no gradient reaches x. */
export function zeroWhereNot(mask: Tensor, x: Tensor): Tensor {
  return mask.data.some((value) => value !== 0) ? where(mask, x, 0) : zeros(x.shape, { dtype: x.dtype });
}

function indicesOfRows({ liveness }: Batch, i: number): number[] {
  const rows: number[] = [];
  liveness!.live[i].data.forEach((live, row) => {
    if (live !== 0) rows.push(row);
  });
  return rows;
}
