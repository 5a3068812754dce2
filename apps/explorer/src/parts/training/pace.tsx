import type { LiveTraining } from '../../train/live-training.js';

/** Steps in a second. An episode has 25 by default. */
const paces = [10, 100, 1000, Number.POSITIVE_INFINITY];

export function Pace({ training }: { readonly training: LiveTraining }) {
  return (
    <label>
      <span>Steps in a second</span>
      <select
        value={String(training.pace.value)}
        onChange={({ currentTarget: { value } }) => training.setPace(Number(value))}
      >
        {paces.map((value) => (
          <option key={value} value={String(value)}>
            {value === Number.POSITIVE_INFINITY ? 'as many as possible' : `at most ${value}`}
          </option>
        ))}
      </select>
    </label>
  );
}

/** The button that stops the training for a while, or lets it go on. */
export function PauseButton({ training }: { readonly training: LiveTraining }) {
  const { phase } = training;
  if (phase.value !== 'training' && phase.value !== 'paused') return null;
  const isPaused = phase.value === 'paused';
  return (
    <button type="button" class="main" onClick={() => (isPaused ? training.goOn() : training.pause())}>
      {isPaused ? 'Go on' : 'Pause training'}
    </button>
  );
}
