/** What plays, and what the arena shows of the followed agent's critic. */

import type { overlayNames } from '../address.js';
import { restore } from '../load.js';
import { shipped } from '../shipped.js';
import { address, change, session } from '../state.js';
import { setPlaying } from './playback.js';

const overlays: Readonly<Record<(typeof overlayNames)[number], string>> = {
  none: 'nothing more',
  actions: 'Q over its actions',
  places: 'Q over all places',
  arrows: 'dQ/da over all places',
};

export function Choices() {
  const about = shipped.find(({ name }) => name === address.run.value)?.about;
  const own = address.run.value;
  return (
    <div class="choices">
      <label>
        <span>Policy</span>
        <select
          value={address.run.value}
          onChange={({ currentTarget }) => {
            setPlaying(false);
            change({ run: currentTarget.value, step: 0, places: [], agent: 0, unfolded: [], phase: 0 });
            restore();
          }}
        >
          {shipped.map(({ name, title }) => (
            <option key={name} value={name}>
              {title}
            </option>
          ))}
          {!about && <option value={own}>your own run: {session.value?.run.config.scenario}</option>}
        </select>
      </label>
      <label>
        <span>Show of its critic</span>
        <select
          value={address.overlay.value}
          onChange={({ currentTarget }) => change({ overlay: currentTarget.value as keyof typeof overlays })}
        >
          {Object.entries(overlays).map(([name, words]) => (
            <option key={name} value={name}>
              {words}
            </option>
          ))}
        </select>
      </label>
      {about && <p>{about}</p>}
    </div>
  );
}
