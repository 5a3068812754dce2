/** The page of `paragrad watch`. The server pushes what is new of its runs; this draws it. */
import type { RunUpdate } from 'paragrad/messages';
import { Charts } from './charts.js';
import { element } from './element.js';
import { drawNumbers } from './numbers.js';
import { Player } from './player.js';
import { RunList } from './run-list.js';
import { applyUpdate, groupsOf, type Run } from './runs.js';

/** Milliseconds between two drawings, at least. */
const PERIOD = 200;

const runs: Run[] = [];
const hiddenGroups = new Set<string>();
const hiddenAgents = new Set<string>();
const smoothing = element<HTMLSelectElement>('smoothing');
const shown = element<HTMLSelectElement>('shown');
const connection = element('connection');
const charts = new Charts(element('returns'), element('charts'));
const list = new RunList();
const player = new Player();
let isDue = false;

const events = new EventSource('/events');
events.addEventListener('open', () => {
  connection.textContent = 'Live';
  connection.dataset.state = 'live';
  drawSoon();
});
events.addEventListener('error', () => {
  connection.textContent = 'The server has ended; what is shown stays';
  connection.dataset.state = 'lost';
});
events.addEventListener('message', ({ data }) => {
  applyUpdate(runs, JSON.parse(data) as RunUpdate);
  drawSoon();
});
for (const control of [smoothing, shown]) control.addEventListener('change', draw);
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', draw);
setInterval(() => player.show(runs[Number(shown.value)]), 1000); // how old the checkpoint is

function drawSoon(): void {
  if (isDue) return;
  isDue = true;
  setTimeout(draw, PERIOD);
}

function draw(): void {
  isDue = false;
  const known = runs.filter(Boolean);
  const groups = groupsOf(known);
  element('nothing').hidden = known.length > 0;
  document.body.classList.toggle('no-runs', known.length === 0);
  list.draw(groups, switcher(hiddenGroups), switcher(hiddenAgents));
  charts.draw(groups, { hiddenGroups, hiddenAgents, smoothing: Number(smoothing.value) });
  offerRuns(known);
  const run = runs[Number(shown.value)];
  player.show(run);
  drawNumbers(run);
}

const switcher = (hidden: Set<string>) => (name: string, isOn: boolean) => {
  if (isOn) hidden.delete(name);
  else hidden.add(name);
  draw();
};

/** The runs whose policies and numbers can be shown. */
function offerRuns(known: readonly Run[]): void {
  shown.parentElement!.hidden = known.length < 2;
  if (shown.options.length === known.length) return;
  const before = shown.value;
  shown.replaceChildren(...known.map(({ name, index }) => new Option(name, String(index))));
  if (before) shown.value = before;
}
