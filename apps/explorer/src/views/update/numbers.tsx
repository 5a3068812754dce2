/** The numbers before a phase and after it. */
import type { Phase } from '../../model/recorder.js';
import type { Change, NetworkChange } from '../../model/weights.js';
import { beforeAndAfter, inWords, number } from '../../numbers.js';

export function Numbers({ phase }: { phase: Phase | undefined }) {
  if (!phase) return null;
  const { loss, gradNorm, meanQ, networks, rows, kind, of } = phase;
  const words = {
    gradient: '‖g‖ of',
    clip: '‖g‖ of',
    step: 'how far the weights moved:',
    targets: 'from its target:',
  }[kind];
  return (
    <div class="phase-numbers">
      <table>
        <thead>
          <tr>
            <th scope="col">
              <span class="hidden">number</span>
            </th>
            <th scope="col">before</th>
            <th scope="col">after</th>
          </tr>
        </thead>
        <tbody>
          {loss && <Line name={of === 'critic' ? 'loss L' : 'loss −J'} value={loss} data="loss" />}
          {meanQ && <Line name="mean Q" value={meanQ} data="mean-q" />}
          {gradNorm && networks.length > 1 && <Line name="‖g‖ of all" value={gradNorm} data="norm" />}
          {networks.map((one) => (
            <Line
              key={one.network}
              name={`${words} ${networkInWords(one)}`}
              value={one.change}
              data={one.network}
            />
          ))}
        </tbody>
      </table>
      {rows.length > 0 && <Rows phase={phase} />}
    </div>
  );
}

function Line({ name, value: [before, after], data }: { name: string; value: Change; data: string }) {
  const [first, second] = textsOf(before, after);
  return (
    <tr data-number={data}>
      <th scope="row">{name}</th>
      <td data-value={before}>{first}</td>
      <td data-value={after} class={before !== null && before !== after ? 'changed' : ''}>
        {second}
      </td>
    </tr>
  );
}

function textsOf(before: number | null, after: number | null): readonly [string, string] {
  if (before !== null && after !== null) return beforeAndAfter(before, after);
  return [before === null ? '' : number(before), after === null ? '' : number(after)];
}

/** A few rows of the batch. */
function Rows({ phase: { rows, of, kind } }: { phase: Phase }) {
  const moves = kind === 'step';
  type Column = readonly [name: string, textOf: (row: Phase['rows'][number]) => string];
  const ofBatch: readonly Column[] = [
    ['r', ({ reward }) => number(reward!)],
    ['done', ({ done }) => number(done!)],
    ['y', ({ target }) => number(target!)],
  ];
  const action = (k: 0 | 1): Column => [k === 0 ? 'a' : 'a after', (row) => list(row.action![k])];
  const columns = of === 'critic' ? ofBatch : moves ? [action(0), action(1)] : [action(0)];
  return (
    <table class="rows">
      <caption class="hidden">
        {rows.length === 1 ? 'The row' : `The first ${rows.length} rows`} of the batch
      </caption>
      <thead>
        <tr>
          <th scope="col">row</th>
          {columns.map(([name]) => (
            <th key={name} scope="col">
              {name}
            </th>
          ))}
          <th scope="col">Q</th>
          {moves && <th scope="col">Q after</th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((row, k) => (
          <tr key={k}>
            <th scope="row">{k + 1}</th>
            {columns.map(([name, textOf]) => (
              <td key={name}>{textOf(row)}</td>
            ))}
            <td>{beforeAndAfter(...row.q)[0]}</td>
            {moves && <td class="changed">{beforeAndAfter(...row.q)[1]}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** agent_0.critic -> agent 0's critic */
export function networkInWords({ network }: Pick<NetworkChange, 'network'>): string {
  const [owner, part] = network.split('.');
  return `${inWords(owner)}'s ${part}`;
}

function list(numbers: readonly number[]): string {
  return numbers.map(number).join(', ');
}
