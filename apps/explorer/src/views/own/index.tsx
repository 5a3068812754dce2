/** The reader's own: an environment that they type, and what they can take away. */
import { OwnEnvironment } from './environment.js';
import { TakeAway } from './take-away.js';

export function Own() {
  return (
    <div class="train">
      <OwnEnvironment />
      <TakeAway />
    </div>
  );
}
