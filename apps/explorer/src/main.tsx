import { render } from 'preact';
import { App } from './app.js';
import { restore } from './load.js';
import { followAddress } from './state.js';

followAddress(restore);
const app = document.getElementById('app')!;
app.replaceChildren();
render(<App />, app);
restore();
