/** The page: ?scenario=simple_tag, or ?run=address/of/a/run with trained agents; with &agent=agent_0&seed=1 if you like. */
import { drawOnCanvas, fitHalfWidth, type ScenarioName, type Scene, scenarioNames } from '@paragrad/mpe';
import { about } from './about.js';
import { Game, type GameOptions, STEP_SECONDS } from './game.js';
import { Keyboard } from './keyboard.js';
import { loadRun } from './run.js';

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const canvas = element<HTMLCanvasElement>('arena');
const scenarios = element<HTMLSelectElement>('scenario');
const context = canvas.getContext('2d')!;
/** The camera follows who leaves the arena no farther than this: half of what is seen, in the world's units. */
const FARTHEST = 3;
const keyboard = new Keyboard(window);
const asked = new URLSearchParams(location.search);
const seeded = asked.has('seed') ? { seed: Number(asked.get('seed')) } : {};

let game: Game;
let paused = false;
/** When the page was last drawn, in milliseconds, and the seconds since the last step. */
let last = 0;
let elapsed = 0;
let outputs: Map<string, HTMLOutputElement>;

start().catch((error) => {
  element('about').textContent = error.message;
  throw error;
});

async function start(): Promise<void> {
  for (const name of scenarioNames) scenarios.add(new Option(name));
  const player = asked.get('agent') ?? undefined;
  const run = asked.get('run');
  if (run) {
    const { config, policy } = await loadRun(run);
    open(config.scenario, { player, params: config.env, policy });
  } else {
    const wanted = asked.get('scenario') ?? 'simple_tag';
    const scenario = scenarioNames.find((name) => name === wanted);
    if (!scenario) {
      throw new Error(`play: there is no scenario ${wanted}; the scenarios are ${scenarioNames.join(', ')}`);
    }
    open(scenario, { player });
  }
  scenarios.addEventListener('change', () => {
    open(scenarios.value as ScenarioName);
    canvas.focus(); // or the arrow keys go on choosing scenarios
  });
  element('restart').addEventListener('click', () => game.restart());
  element('pause').addEventListener('click', pause);
  window.addEventListener('keydown', ({ code, ctrlKey, metaKey, altKey, target }) => {
    if (ctrlKey || metaKey || altKey || (target as Element).matches?.('select')) return; // the browser's own
    if (code === 'KeyR') game.restart();
    if (code === 'KeyP') pause();
  });
  requestAnimationFrame(play);
}

function open(scenario: ScenarioName, options: GameOptions = {}): void {
  game = new Game(scenario, { seed: Math.floor(Math.random() * 2 ** 32), ...seeded, ...options });
  scenarios.value = scenario;
  element('about').textContent = about[scenario];
  outputs = new Map(game.agents.map((name) => [name, document.createElement('output')]));
  const scene = game.scene();
  element('agents').replaceChildren(...[...game.agents, null].map((name) => choiceOf(name, scene)));
  choose(game.player);
}

/** A line for an agent that can be played, with its return; or for watching. */
function choiceOf(name: string | null, scene: Scene): HTMLElement {
  const line = document.createElement('label');
  line.className = 'agent';
  const radio = document.createElement('input');
  radio.type = 'radio';
  radio.name = 'player';
  radio.value = name ?? '';
  radio.addEventListener('change', () => {
    choose(name);
    canvas.focus();
  });
  const swatch = document.createElement('span');
  swatch.className = 'swatch';
  const color = scene.shapes.find((shape) => shape.kind === 'agent' && shape.name === name)?.fill;
  if (color) swatch.style.background = color;
  else swatch.style.visibility = 'hidden';
  line.append(radio, swatch, name ?? 'nobody: watch', outputs.get(name ?? '') ?? '');
  return line;
}

function choose(player: string | null): void {
  game.player = player;
  keyboard.hush();
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=player]')) {
    radio.checked = radio.value === (player ?? '');
  }
  const { me } = game;
  const keys = [
    ...(me?.movable ? ['<kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> push'] : []),
    ...(me && !me.silent
      ? [`<kbd>1</kbd> to <kbd>${me.c.length % 10}</kbd> say a word, until pressed again`]
      : []),
  ];
  element('keys').innerHTML = keys.join('<br>');
}

function pause(): void {
  paused = !paused;
  element('pause').textContent = paused ? 'Go on (P)' : 'Pause (P)';
}

/** Draws as often as the screen shows, and steps in real time; a page that was hidden does not catch up. */
function play(now: number): void {
  if (!paused) elapsed += Math.min((now - last) / 1000, STEP_SECONDS);
  last = now;
  if (elapsed >= STEP_SECONDS) {
    elapsed -= STEP_SECONDS;
    game.step(keyboard.choice());
  }
  show();
  requestAnimationFrame(play);
}

function show(): void {
  for (const [name, output] of outputs) output.value = game.returns[name].toFixed(1);
  element('time').textContent = `Episode ${game.episode}, ${(game.steps * STEP_SECONDS).toFixed(1)} s`;
  draw();
}

function draw(): void {
  const size = Math.max(Math.round(canvas.clientWidth * devicePixelRatio), 1);
  if (canvas.width !== size) canvas.width = canvas.height = size;
  const { me } = game;
  const [x, y] = keyboard.choice().force;
  const arrows = me?.movable ? { [me.name]: [0.2 * x, 0.2 * y] as const } : {}; // where it is pushed
  const scene = game.scene(elapsed / STEP_SECONDS, { arrows });
  drawOnCanvas(context, { ...scene, halfWidth: Math.min(fitHalfWidth([scene], 1.2), FARTHEST) }, { size });
}
