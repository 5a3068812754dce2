/** What the mistakes change in the followed agent's part of an update. */
import { computed } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Of, Phase } from '../../model/recorder.js';
import type { NetworkChange } from '../../model/weights.js';
import { inWords, number } from '../../numbers.js';
import { agent, change, session } from '../../state.js';
import { brokenSteps, mistakesMade, rightSteps } from '../broken.js';
import { networkInWords } from '../update/numbers.js';

type Side = (of: Of, kind: Phase['kind']) => Phase | undefined;

const sides = computed(() =>
  [rightSteps.value, brokenSteps.value].map(
    (steps): Side =>
      (of, kind) =>
        steps?.phases.find((one) => one.of === of && one.kind === kind && one.agent === agent.value),
  ),
);

/** What is compared, and how it is shown. */
const lines: readonly (readonly [name: string, text: (side: Side) => string | string[]])[] = [
  ["critic's step: y of the first rows", (side) => targets(side('critic', 'gradient'))],
  ["critic's step: loss", (side) => one(side('critic', 'gradient')?.loss?.[1])],
  ["critic's step: ‖g‖", (side) => one(side('critic', 'clip')?.gradNorm?.[0])],
  ["critic's step: factor of clipping", (side) => one(side('critic', 'clip')?.factor)],
  ["actor's step: loss", (side) => one(side('actor', 'gradient')?.loss?.[1])],
  ["actor's step: gradient in", (side) => networks(side('actor', 'gradient')?.networks)],
  ["actor's step: moves", (side) => networks(side('actor', 'step')?.networks)],
  ["actor's step: Q rises by", (side) => rise(side('actor', 'step'))],
];

export function Differences() {
  if (mistakesMade.value.length === 0 || !brokenSteps.value || !rightSteps.value) return null;
  const [right, broken] = sides.value;
  const compared = lines.map(([name, textOf]) => {
    const [a, b] = [right, broken].map((side) => [textOf(side)].flat());
    return { name, a, b, isSame: a.join() === b.join() };
  });
  return (
    <section aria-labelledby="differences">
      <h3 id="differences">
        What changes in {inWords(session.value!.agents[agent.value])}'s part of an update
      </h3>
      <table class="differences">
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">number</span>
            </th>
            <th scope="col">right</th>
            <th scope="col">broken</th>
          </tr>
        </thead>
        <tbody>
          {compared.map(({ name, a, b, isSame }) => (
            <tr key={name} data-line={name}>
              <th scope="row">{name}</th>
              <td>{asLines(a)}</td>
              <td class={isSame ? '' : 'changed'}>{asLines(b)}</td>
            </tr>
          ))}
        </tbody>
      </table>
      {compared.every(({ isSame }) => isSame) && (
        <p class="note">Nothing, for these rows. Another agent, another policy or a batch may show it.</p>
      )}
      <p class="note">
        A smaller loss is not better here: the critic's loss compares two of its own guesses, and the actor's
        is only what the critic thinks of it. (The critic has taken its step before the actor's gradient is
        measured, so that is not the gradient of the graphs above.)
      </p>
      <button type="button" onClick={() => change({ view: 'update' })}>
        Step through this update
      </button>
    </section>
  );
}

function asLines(texts: readonly string[]): ComponentChildren {
  return texts.map((text) => <div key={text}>{text}</div>);
}

const one = (value: number | null | undefined) =>
  value === undefined || value === null ? '' : number(value);
const targets = (phase: Phase | undefined) =>
  phase?.rows.slice(0, 3).map(({ target }, k) => `${k + 1}: ${number(target!)}`) ?? [];
const rise = (phase: Phase | undefined) => (phase ? number(phase.meanQ![1]! - phase.meanQ![0]!) : '');
const networks = (changes: readonly NetworkChange[] = []) =>
  changes.map((network) => `${networkInWords(network)} ${number(network.change[1]!)}`);
