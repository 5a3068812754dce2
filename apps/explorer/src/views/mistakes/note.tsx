/** Says in other views which mistakes are switched on. */
import { change } from '../../state.js';
import { mistakesMade } from '../broken.js';

export function MistakesNote() {
  if (mistakesMade.value.length === 0) return null;
  return (
    <p class="note">
      With the mistake: {mistakesMade.value.map(({ title }) => title).join(', ')}.{' '}
      <button type="button" class="in-text" onClick={() => change({ mistakes: [] })}>
        Do it right
      </button>
    </p>
  );
}
