/** Play, slow motion, one step, back; and any phase at once. */
import { signal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import { change } from '../../state.js';
import { at } from './phases.js';

/** Seconds for which a phase is shown. */
const speeds = { play: 1.2, 'slow motion': 4 } as const;
type Speed = keyof typeof speeds;

/** How fast it goes by itself. */
export const going = signal<Speed | null>(null);

export function PhaseControls({ titles }: { titles: readonly string[] }) {
  const last = titles.length - 1;
  const now = at.value;
  const goTo = (k: number) => change({ phase: Math.min(Math.max(k, 0), last) });
  const byHand = (k: number) => {
    going.value = null;
    goTo(k);
  };
  useEffect(() => {
    if (!going.value) return;
    if (now === last) {
      going.value = null;
      return;
    }
    const timer = setTimeout(() => goTo(now + 1), 1000 * speeds[going.value]);
    return () => clearTimeout(timer);
  }, [going.value, now, last]);
  useEffect(
    () => () => {
      going.value = null;
    },
    [],
  );
  return (
    <fieldset class="phase-controls">
      <legend class="hidden">Phases of the update</legend>
      <div class="buttons">
        {(Object.keys(speeds) as Speed[]).map((speed) => (
          <button
            key={speed}
            type="button"
            class={speed === 'play' ? 'main' : ''}
            aria-pressed={going.value === speed}
            onClick={() => {
              if (going.value === speed) going.value = null;
              else {
                if (now === last) goTo(0);
                going.value = speed;
              }
            }}
          >
            {going.value === speed ? 'Stop' : speed === 'play' ? 'Play the update' : 'Slow motion'}
          </button>
        ))}
        <button
          type="button"
          aria-label="Back by one phase"
          disabled={now === 0}
          onClick={() => byHand(now - 1)}
        >
          Back
        </button>
        <button
          type="button"
          aria-label="One step of the update"
          disabled={now === last}
          onClick={() => byHand(now + 1)}
        >
          One step
        </button>
      </div>
      <label class="pick">
        <span>
          Phase {now} of {last}
        </span>
        <select value={now} onChange={({ currentTarget }) => byHand(Number(currentTarget.value))}>
          {titles.map((title, k) => (
            <option key={k} value={k}>
              {k}: {title}
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}
