/** Whether gradients are of this moment or of a batch. */
import { BATCH_ROWS } from '../model/gradient-flow.js';
import { address, change } from '../state.js';

const kinds = { moment: 'this moment', batch: `a batch of ${BATCH_ROWS} rows` } as const;

export function BatchChoice() {
  return (
    <label class="pick">
      <span>Learn from</span>
      <select
        value={address.batch.value}
        onChange={({ currentTarget }) => change({ batch: currentTarget.value as keyof typeof kinds })}
      >
        {Object.entries(kinds).map(([name, words]) => (
          <option key={name} value={name}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
}
