/**
 * The page. Its address takes ?scenario=simple_tag, or ?run=0 for the trained agents of the server's first run, and
 * optionally &agent=agent_0&seed=1.
 */
import { drawOnCanvas, fitHalfWidth, type ScenarioName, type Scene, scenarioNames } from '@paragrad/mpe';
import { about } from './about.js';
import { Game, type GameOptions, STEP_SECONDS } from './game.js';
import { Keyboard } from './keyboard.js';
import { loadRun } from './run.js';

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const canvas = element<HTMLCanvasElement>('arena');
const scenarios = element<HTMLSelectElement>('scenario');
const context = canvas.getContext('2d')!;
/** When agents leave the arena, the picture grows to this half width at most, in the world's units. */
const MAX_HALF_WIDTH = 3;
const keyboard = new Keyboard(window);
const query = new URLSearchParams(location.search);
const seed = query.has('seed') ? Number(query.get('seed')) : undefined;

let game: Game;
let paused = false;
/** When the page was last drawn, in milliseconds. */
let lastDrawn = 0;
/** Seconds since the last step. */
let elapsed = 0;
let outputs: Map<string, HTMLOutputElement>;

start().catch((error) => {
  element('about').textContent = error.message;
  throw error;
});

async function start(): Promise<void> {
  for (const name of scenarioNames) scenarios.add(new Option(name));
  const player = query.get('agent') ?? undefined;
  const run = query.get('run');
  if (run) {
    const { config, policy } = await loadRun(Number(run));
    const { scenario, env: params, actions } = config;
    open(scenario, { player, params, policy, policyChooses: actions === 'discrete' });
  } else {
    const requested = query.get('scenario') ?? 'simple_tag';
    const scenario = scenarioNames.find((name) => name === requested);
    if (!scenario) {
      throw new Error(
        `play: there is no scenario ${requested}; the scenarios are ${scenarioNames.join(', ')}`,
      );
    }
    open(scenario, { player });
  }
  scenarios.addEventListener('change', () => {
    open(scenarios.value as ScenarioName);
    canvas.focus(); // otherwise the arrow keys would still choose scenarios
  });
  element('restart').addEventListener('click', () => game.restart());
  element('pause').addEventListener('click', pause);
  window.addEventListener('keydown', ({ code, ctrlKey, metaKey, altKey, target }) => {
    if (ctrlKey || metaKey || altKey || (target as Element).matches?.('select')) return; // the browser uses these keys
    if (code === 'KeyR') game.restart();
    if (code === 'KeyP') pause();
  });
  requestAnimationFrame(play);
}

function open(scenario: ScenarioName, options: GameOptions = {}): void {
  game = new Game(scenario, { seed: seed ?? Math.floor(Math.random() * 2 ** 32), ...options });
  scenarios.value = scenario;
  element('about').textContent = about[scenario];
  outputs = new Map(game.agents.map((name) => [name, document.createElement('output')]));
  const scene = game.scene();
  element('agents').replaceChildren(...[...game.agents, null].map((name) => playerLine(name, scene)));
  choose(game.player);
}

/** A line with a radio button and the return of an agent, or (name null) the line for watching. */
function playerLine(name: string | null, scene: Scene): HTMLElement {
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
  line.append(radio, swatch, name ?? 'nobody (watch)', outputs.get(name ?? '') ?? '');
  return line;
}

function choose(player: string | null): void {
  game.player = player;
  keyboard.clearWord();
  for (const radio of document.querySelectorAll<HTMLInputElement>('input[name=player]')) {
    radio.checked = radio.value === (player ?? '');
  }
  const { me } = game;
  const keys = [
    ...(me?.movable ? ['<kbd>←</kbd> <kbd>→</kbd> <kbd>↑</kbd> <kbd>↓</kbd> push'] : []),
    ...(me && !me.silent
      ? [`<kbd>1</kbd> to <kbd>${me.c.length % 10}</kbd> say a word; press again to stop`]
      : []),
  ];
  element('keys').innerHTML = keys.join('<br>');
}

function pause(): void {
  paused = !paused;
  element('pause').textContent = paused ? 'Resume (P)' : 'Pause (P)';
}

/** Draws each frame of the screen, and steps in real time. A page that was hidden does not catch up. */
function play(now: number): void {
  if (!paused) elapsed += Math.min((now - lastDrawn) / 1000, STEP_SECONDS);
  lastDrawn = now;
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
  const arrows = me?.movable ? { [me.name]: [0.2 * x, 0.2 * y] as const } : {}; // the direction of the push
  const scene = game.scene(elapsed / STEP_SECONDS, { arrows });
  drawOnCanvas(
    context,
    { ...scene, halfWidth: Math.min(fitHalfWidth([scene], 1.2), MAX_HALF_WIDTH) },
    { size },
  );
}
