import { render } from 'preact';
import { App } from './app.js';
import { restore } from './load.js';
import { workOffline } from './offline.js';
import { openWhatIsDropped } from './parts/open-run.js';
import { setPlaying, wantsLessMotion } from './stage/playback.js';
import { address, change, followAddress } from './state.js';
import { chapters } from './tour/chapters.js';

// Who comes without a link begins with the tour.
if (location.hash === '') change({ ...chapters[0].page, chapter: 1 });
followAddress(restore);
openWhatIsDropped();
workOffline();
const app = document.getElementById('app')!;
app.replaceChildren();
render(<App />, app);
restore();
if (address.play.value === 'yes' && !wantsLessMotion()) setPlaying(true);
