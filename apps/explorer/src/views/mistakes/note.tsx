/** Says in other views which mistakes are switched on. */
import { change } from '../../state.js';
import { mistakesShown } from '../broken.js';

export function MistakesNote() {
  if (mistakesShown.value.length === 0) return null;
  return (
    <p class="note">
      With the mistake: {mistakesShown.value.map(({ title }) => title).join(', ')}.{' '}
      <button type="button" class="in-text" onClick={() => change({ mistakes: [] })}>
        Do it right
      </button>
    </p>
  );
}
