/** Plays, pauses, steps, goes back; chooses the episode and the speed. */
import { act, address, moment, playing, session } from '../state.js';
import { setPlaying, speed, speeds, stepOnce } from './playback.js';

export function Transport() {
  const current = session.value;
  const length = current?.length ?? 25;
  return (
    <fieldset class="transport" aria-label="Playing">
      <button type="button" class="main" onClick={() => setPlaying(!playing.value)}>
        {playing.value ? 'Pause' : 'Play'}
      </button>
      <button type="button" onClick={() => stepOnce(-1)} aria-label="One step back" title="One step back">
        ◂
      </button>
      <button type="button" onClick={() => stepOnce(1)} aria-label="One step on" title="One step on">
        ▸
      </button>
      <label class="scrub">
        <span>
          step <span class="number">{moment.value ? current?.steps : 0}</span>
        </span>
        <input
          type="range"
          min={0}
          max={length}
          value={moment.value ? current?.steps : 0}
          onInput={({ currentTarget }) => {
            setPlaying(false);
            address.places.value = [];
            act((session) => session.goTo(Number(currentTarget.value)));
          }}
        />
      </label>
      <label>
        episode
        <input
          type="number"
          min={0}
          max={999999}
          value={address.seed.value}
          onChange={({ currentTarget }) => {
            address.places.value = [];
            act((session) => session.restart(Math.max(0, Math.floor(Number(currentTarget.value) || 0))));
          }}
        />
      </label>
      <label>
        speed
        <select
          value={speed.value}
          onChange={({ currentTarget }) => (speed.value = Number(currentTarget.value))}
        >
          {speeds.map((value) => (
            <option key={value} value={value}>
              {value}×
            </option>
          ))}
        </select>
      </label>
    </fieldset>
  );
}
