/** What every algorithm's `act` checks, before and after its networks: a few numbers in each step of an environment. */
import { ArgumentError, describe, NumericalError, ShapeError } from '@paragrad/check';
import { aTensor, formatShape, Tensor } from '@paragrad/tensor';
import type { AgentSpec } from '../environments/agent-spec.js';
import { checkFinite, findNotFinite } from './finite.js';

/** Throws unless there is one tensor of finite observations for each agent, all with the same number of rows. */
export function checkObservations(specs: readonly AgentSpec[], observations: readonly Tensor[]): void {
  if (!Array.isArray(observations)) {
    throw new ArgumentError(
      `act: observations is ${describe(observations)}; give an array with a tensor [batch, obs_i] for each agent, ` +
        `in this order: ${specs.map(({ name }) => name).join(', ')}`,
    );
  }
  if (observations.length !== specs.length) {
    throw new ArgumentError(
      `act: observations of ${observations.length} agents; give those of all ${specs.length}`,
    );
  }
  const [first] = observations;
  const rows = first instanceof Tensor && first.shape.length === 2 ? first.shape[0] : 1;
  specs.forEach(({ name, observationSize }, i) => {
    const given: unknown = observations[i];
    if (!(given instanceof Tensor)) {
      const explanation = aTensor.explain?.(given);
      if (explanation) throw new ArgumentError(`act: ${name}'s observation ${explanation}`);
      throw new ArgumentError(
        `act: ${name}'s observations are ${describe(given)}; give a tensor of shape [${rows}, ${observationSize}]`,
      );
    }
    const { shape, data } = given;
    if (shape.length !== 2 || shape[0] !== rows || shape[1] !== observationSize) {
      const remedy = shape.length === 1 ? ': one row for each observation, also for a single one' : '';
      throw new ShapeError(
        `act: ${name}'s observations have shape ${formatShape(shape)}; give shape [${rows}, ${observationSize}]${remedy}`,
      );
    }
    checkFinite(`act: ${name}'s observations`, data, 'nobody acted');
  });
}

/** Throws if an agent's network has returned a number that is not finite. From NaN, argmax would still choose something. */
export function checkOutputs(agent: string, network: string, { data }: Tensor): void {
  const bad = findNotFinite(data);
  if (bad < 0) return;
  throw new NumericalError(
    `act: ${agent}'s ${network} returned ${data[bad]} for finite observations: training has diverged, or its weights are ` +
      'damaged; lower the learning rates, or load an earlier checkpoint',
  );
}
