/** Training on the page: what to train, how it goes, and the run from and to the disk. */
import { Curves } from '../../parts/training/curves.js';
import { training } from '../../train/training.js';
import { Controls } from './controls.js';
import { Disk } from './disk.js';
import { Settings } from './settings.js';

export function Train() {
  return (
    <div class="train">
      <Controls />
      <Curves curve={training.curve} />
      <Disk />
      <Settings />
    </div>
  );
}
