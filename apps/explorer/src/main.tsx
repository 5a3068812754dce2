import { render } from 'preact';
import { App } from './app.js';
import { restore } from './load.js';
import { openWhatIsDropped } from './parts/open-run.js';
import { followAddress } from './state.js';

followAddress(restore);
openWhatIsDropped();
const app = document.getElementById('app')!;
app.replaceChildren();
render(<App />, app);
restore();
