/** The numbers behind the arrows: for each agent its action, the gradient of its critic by it, and the value. */
import { useState } from 'preact/hooks';
import { agentColors } from '../model/agent-colors.js';
import { inWords, number, pair } from '../numbers.js';
import { address, agent, moment, session } from '../state.js';
import { heat } from './overlay.js';
import { advices } from './stage.js';

export function Readings() {
  const [said, say] = useState('');
  const current = session.value;
  const now = moment.value;
  if (!current || !now) return null;
  const colors = agentColors(now.state);
  const shown = heat.value;
  return (
    <div class="readings">
      <table>
        <thead>
          <tr>
            <th scope="col">agent</th>
            <th scope="col">
              action <i>a</i>
            </th>
            <th scope="col" class="is-gradient">
              d<i>Q</i>/d<i>a</i>
            </th>
            <th scope="col">
              value <i>Q</i>
            </th>
          </tr>
        </thead>
        <tbody>
          {advices.value.map(({ force, push, value }, i) => (
            <tr key={current.agents[i]} class={i === agent.value ? 'followed' : ''}>
              <th scope="row">
                <button
                  type="button"
                  aria-pressed={i === agent.value}
                  onClick={() => {
                    address.agent.value = i;
                  }}
                >
                  <span class="dot" style={{ background: colors[i] }} />
                  {inWords(current.agents[i])}
                </button>
              </th>
              <td data-reading="force" data-value={String(force)}>
                {pair(force)}
              </td>
              <td data-reading="push" data-value={String(push)}>
                {pair(push)}
              </td>
              <td data-reading="value" data-value={String(value)}>
                {number(value)}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {shown && (
        <p class="heat-scale">
          <span>{number(shown.low)}</span>
          <span class="ramp" />
          <span>{number(shown.high)}</span>
          <i>
            Q of {inWords(current.agents[agent.value])},{' '}
            {shown.kind === 'places' ? 'wherever it could be' : 'whatever it could do'}
          </i>
        </p>
      )}
      <button
        type="button"
        class="quiet"
        onClick={() =>
          say(
            advices.value
              .map(
                ({ force, push, value }, i) =>
                  `${inWords(current.agents[i])}: action ${pair(force)}, gradient ${pair(push)}, value ${number(value)}.`,
              )
              .join(' '),
          )
        }
      >
        Read the numbers out
      </button>
      <p class="hidden" role="status">
        {said}
      </p>
    </div>
  );
}
