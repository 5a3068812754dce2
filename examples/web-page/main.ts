/// <reference lib="dom" />
/** A page that plays a trained run. The policy moves the agents; who looks at the page may move one of them. */
import {
  type CheckpointFiles,
  checkpointFileNames,
  loadCheckpoint,
  makeRunEnv,
  type Policy,
  parseConfig,
  policyOf,
} from '@paragrad/maddpg';
import { actionOf, drawOnCanvas, type ParallelEnv } from '@paragrad/mpe';

const STEP = 100; // milliseconds of a step, as in the physics
const HALF_WIDTH = 1.3; // half of what the picture shows, in the world's units

const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;
const canvas = element<HTMLCanvasElement>('world');
const context = canvas.getContext('2d')!;

/** A file of the run, from public/run. */
async function read(name: string): Promise<Response> {
  const response = await fetch(`./run/${name}`);
  const isPage = response.headers.get('content-type')?.startsWith('text/html'); // Vite's answer if there is no such file
  if (!response.ok || isPage) throw new Error(`public/run/${name} is missing: copy your run's folder there`);
  return response;
}

async function readCheckpoint(): Promise<CheckpointFiles> {
  const contents = checkpointFileNames.map(async (name) => {
    const file = await read(`checkpoint/${name}`);
    return [name, name.endsWith('.json') ? await file.text() : new Uint8Array(await file.arrayBuffer())];
  });
  return Object.fromEntries(await Promise.all(contents));
}

addEventListener('error', ({ error }) => {
  element('text').textContent = String(error);
});
const config = parseConfig(await (await read('config.json')).text(), 'config.json');
// An environment with the actions that the policy was trained for.
play(() => makeRunEnv(config), policyOf(loadCheckpoint(await readCheckpoint())));

function play(make: () => ParallelEnv, policy: Policy): void {
  const env = make();
  const between = make(); // draws the world between two steps
  between.reset();

  /** Where the held agent is pulled to. */
  let pointer: readonly [number, number] | undefined;
  /** The agent that is held, or pushed by keys. */
  let mine: string | undefined;
  const keys = new Set<string>();

  let observations: Record<string, Float64Array>;
  let total = 0; // the sum of all rewards in this episode
  let steps = 0;
  let sinceStep = 0; // milliseconds
  let lastFrame = 0;
  let isPaused = false;

  function start(seed = Math.floor(Math.random() * 2 ** 32)): void {
    ({ observations } = env.reset({ seed }));
    total = steps = sinceStep = 0;
  }

  const agentNamed = (name: string) => env.getState().agents.find((agent) => agent.name === name)!;

  /** How the reader pushes: towards the pointer, or where the arrow keys say. */
  function push(name: string): [number, number] {
    if (pointer) {
      const { pos, vel } = agentNamed(name);
      const [x, y] = [0, 1].map((k) => 5 * (pointer![k] - pos[k]) - vel[k]);
      return [Math.max(-1, Math.min(1, x)), Math.max(-1, Math.min(1, y))];
    }
    const isDown = (key: string) => Number(keys.has(key));
    return [isDown('ArrowRight') - isDown('ArrowLeft'), isDown('ArrowUp') - isDown('ArrowDown')];
  }

  function step(): void {
    if (env.agents.length === 0) start();
    const actions = policy(observations);
    if (mine) actions[mine] = actionOf(env, mine, { force: push(mine) });
    const result = env.step(actions);
    observations = result.observations;
    for (const reward of Object.values(result.rewards)) total += reward / env.maxNumAgents;
    steps += 1;
  }

  /** Draws the world as it is after a part of the next step: agents go on with their velocity. */
  function draw(part: number): void {
    const size = Math.round(canvas.clientWidth * devicePixelRatio);
    if (canvas.width !== size) canvas.width = canvas.height = size;
    const state = env.getState();
    const agents = state.agents.map((agent) => ({
      ...agent,
      pos: [0, 1].map((k) => agent.pos[k] + 0.1 * part * agent.vel[k]) as [number, number],
    }));
    between.setState({ ...state, agents });
    const arrows = mine ? { [mine]: push(mine).map((x) => 0.2 * x) as [number, number] } : {};
    drawOnCanvas(context, between.scene({ halfWidth: HALF_WIDTH, arrows }), { size });
    element('text').textContent = `Step ${steps}, return ${total.toFixed(2)}`;
  }

  function frame(now: number): void {
    if (!isPaused) sinceStep += Math.min(now - lastFrame, STEP); // a hidden page does not catch up
    lastFrame = now;
    if (sinceStep >= STEP) {
      sinceStep -= STEP;
      step();
    }
    draw(sinceStep / STEP);
    requestAnimationFrame(frame);
  }

  function worldAt({ clientX, clientY }: PointerEvent): [number, number] {
    const { left, top, width } = canvas.getBoundingClientRect();
    return [
      HALF_WIDTH * ((2 * (clientX - left)) / width - 1),
      HALF_WIDTH * (1 - (2 * (clientY - top)) / width),
    ];
  }

  canvas.addEventListener('pointerdown', (event) => {
    canvas.setPointerCapture(event.pointerId);
    pointer = worldAt(event);
    const [x, y] = pointer;
    const far = (name: string) => Math.hypot(agentNamed(name).pos[0] - x, agentNamed(name).pos[1] - y);
    const movable = env.possibleAgents.filter((name) => agentNamed(name).movable);
    mine = movable.toSorted((a, b) => far(a) - far(b))[0];
  });
  canvas.addEventListener('pointermove', (event) => {
    if (pointer) pointer = worldAt(event);
  });
  const letGo = () => {
    pointer = mine = undefined;
  };
  canvas.addEventListener('pointerup', letGo);
  canvas.addEventListener('pointercancel', letGo);

  canvas.addEventListener('keydown', (event) => {
    if (!event.key.startsWith('Arrow')) return;
    event.preventDefault(); // the page would scroll
    keys.add(event.key);
    mine ??= env.possibleAgents.find((name) => agentNamed(name).movable);
  });
  canvas.addEventListener('keyup', ({ key }) => {
    if (keys.delete(key) && keys.size === 0) letGo();
  });
  canvas.addEventListener('blur', () => {
    keys.clear();
    letGo();
  });

  element('again').addEventListener('click', () => start());
  element('pause').addEventListener('click', () => {
    isPaused = !isPaused;
    element('pause').textContent = isPaused ? 'Go on' : 'Pause';
  });

  const { searchParams } = new URL(location.href); // ?seed=1 begins with the episode of this seed
  start(searchParams.has('seed') ? Number(searchParams.get('seed')) : undefined);
  requestAnimationFrame(frame);
}
