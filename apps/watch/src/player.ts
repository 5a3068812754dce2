/** The policies of a run's newest checkpoint, at play. */
import { drawOnCanvas, fitHalfWidth } from '@paragrad/mpe';
import { Game, STEP_SECONDS } from '@paragrad/play/game';
import { loadRun, type PlayableRun } from '@paragrad/play/run';
import { element } from './element.js';
import type { Run } from './runs.js';
import { formatDuration } from './words.js';

/** When agents leave the arena, the picture grows to this half width at most, in the world's units. */
const MAX_HALF_WIDTH = 3;
/** Milliseconds before the next try, if a checkpoint could not be read: it was just being replaced. */
const RETRY = 500;

export class Player {
  readonly #canvas = element<HTMLCanvasElement>('arena');
  readonly #context = this.#canvas.getContext('2d')!;
  readonly #button = element<HTMLButtonElement>('pause');
  readonly #status = element('checkpoint');
  #run: Run | undefined;
  /** The checkpoint that is being loaded, or was. */
  #loading = '';
  #loaded: PlayableRun | undefined;
  #problem = '';
  #game: Game | undefined;
  #isPaused = matchMedia('(prefers-reduced-motion: reduce)').matches;
  #elapsed = 0;
  #lastDrawn = 0;

  constructor() {
    this.#button.addEventListener('click', () => {
      this.#isPaused = !this.#isPaused;
      this.#nameButton();
    });
    this.#nameButton();
    requestAnimationFrame((now) => this.#frame(now));
  }

  /** Plays this run, from now on with its newest checkpoint. */
  show(run: Run | undefined): void {
    if (run?.index !== this.#run?.index) this.#game = this.#loaded = undefined;
    this.#run = run;
    const checkpoint = run?.checkpoint === undefined ? '' : `${run.index} ${run.checkpoint}`;
    if (checkpoint && checkpoint !== this.#loading) {
      this.#loading = checkpoint;
      void this.#load(run!, checkpoint);
    }
    this.#say();
  }

  async #load(run: Run, checkpoint: string): Promise<void> {
    try {
      const loaded = await loadRun(run.index);
      if (checkpoint !== this.#loading) return;
      this.#loaded = loaded;
      this.#problem = '';
      this.#game ??= this.#newGame();
    } catch (error) {
      this.#problem = (error as Error).message;
      setTimeout(() => {
        if (checkpoint === this.#loading) void this.#load(run, checkpoint);
      }, RETRY);
    }
  }

  #newGame(): Game | undefined {
    if (!this.#loaded) return undefined;
    const { config, policy } = this.#loaded;
    const { scenario, env, actions } = config;
    return new Game(scenario, {
      ...{ player: null, seed: Math.floor(Math.random() * 2 ** 32), params: env, policy },
      ...{ policyChooses: actions === 'discrete', maxCycles: env.maxCycles ?? 25 },
    });
  }

  /** Draws each frame of the screen, and steps in real time. Every episode is played by the newest policies. */
  #frame(now: number): void {
    const game = this.#game;
    if (game && !this.#isPaused) {
      this.#elapsed += Math.min((now - this.#lastDrawn) / 1000, STEP_SECONDS);
      if (this.#elapsed >= STEP_SECONDS) {
        this.#elapsed -= STEP_SECONDS;
        if (game.isOver) this.#game = this.#newGame();
        else game.step({});
      }
    }
    this.#lastDrawn = now;
    this.#draw();
    requestAnimationFrame((next) => this.#frame(next));
  }

  #draw(): void {
    if (!this.#game) return;
    const size = Math.max(Math.round(this.#canvas.clientWidth * devicePixelRatio), 1);
    if (this.#canvas.width !== size) this.#canvas.width = this.#canvas.height = size;
    const scene = this.#game.scene(this.#isPaused ? 0 : this.#elapsed / STEP_SECONDS);
    const halfWidth = Math.min(fitHalfWidth([scene], 1.2), MAX_HALF_WIDTH);
    drawOnCanvas(this.#context, { ...scene, halfWidth }, { size });
  }

  #nameButton(): void {
    this.#button.textContent = this.#isPaused ? 'Play' : 'Pause';
  }

  #say(): void {
    const { checkpoint } = this.#run ?? {};
    const age = checkpoint === undefined ? '' : formatDuration(Math.max(1, (Date.now() - checkpoint) / 1000));
    const text = this.#problem || (age ? `saved ${age} ago` : 'No checkpoint yet');
    if (this.#status.textContent !== text) this.#status.textContent = text;
  }
}
