/** Training on the page: what to train, how it goes, and the run from and to the disk. */
import { Controls } from './controls.js';
import { Curves } from './curves.js';
import { Disk } from './disk.js';
import { Settings } from './settings.js';

export function Train() {
  return (
    <div class="train">
      <Controls />
      <Curves />
      <Disk />
      <Settings />
    </div>
  );
}
