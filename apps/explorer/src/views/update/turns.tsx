/** How the arrows in the arena have turned since the update began. */
import { inWords, number } from '../../numbers.js';
import { session } from '../../state.js';
import { after, before, exaggeration, turn } from './phases.js';

const choices = [1, 10, 100] as const;

export function Turns() {
  const agents = session.value?.agents ?? [];
  return (
    <section aria-label="The arrows">
      <p class="note">
        In the arena, dashed arrows show what every actor would do after this phase, and how every critic
        would then change that. They began on the plain ones.
      </p>
      <table>
        <thead>
          <tr>
            <th scope="col">turned, in degrees</th>
            <th scope="col">action</th>
            <th scope="col" class="is-gradient">
              dQ/da
            </th>
          </tr>
        </thead>
        <tbody>
          {after.value.map((now, i) => (
            <tr key={agents[i]} data-turn={agents[i]}>
              <th scope="row">{inWords(agents[i])}</th>
              <td>{number(turn(before.value[i].force, now.force))}</td>
              <td>{number(turn(before.value[i].push, now.push))}</td>
            </tr>
          ))}
        </tbody>
      </table>
      <label class="pick">
        <span>Show the turning</span>
        <select
          value={exaggeration.value}
          onChange={({ currentTarget }) => {
            exaggeration.value = Number(currentTarget.value);
          }}
        >
          {choices.map((times) => (
            <option key={times} value={times}>
              {times === 1 ? 'as it is' : `${times} times as large`}
            </option>
          ))}
        </select>
      </label>
    </section>
  );
}
