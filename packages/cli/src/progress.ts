import type { EpisodeReport } from '@paragrad/maddpg';
import { SingleBar } from 'cli-progress';

// What matters most comes first: a narrow terminal cuts the line off.
const FORMAT =
  '  {bar} {value}/{total} episodes, {left} left | return {return} | critic {criticLoss}, actor {actorLoss} | {speed} steps/s';
const LENGTH_WITHOUT_BAR = 102;

/** The training's progress bar. Where the output is not a terminal, a line every ten seconds. */
export class TrainingProgress {
  readonly #bar: SingleBar;
  readonly #recent: number[] = [];
  readonly #started = performance.now();
  readonly #episodes: number;
  #sinceLearning: { time: number; episode: number; steps: number } | undefined;

  constructor(episodes: number) {
    this.#episodes = episodes;
    this.#bar = new SingleBar({
      format: FORMAT,
      barsize: Math.min(24, Math.max(5, (process.stdout.columns ?? 120) - LENGTH_WITHOUT_BAR)),
      barCompleteChar: '█',
      barIncompleteChar: '░',
      hideCursor: true,
      noTTYOutput: true,
      notTTYSchedule: 10_000,
    });
    this.#bar.start(episodes, 0, { return: '-', criticLoss: '-', actorLoss: '-', speed: '-', left: '-' });
  }

  update({ episode, steps, meanReturn, latest }: EpisodeReport): void {
    this.#recent.push(meanReturn);
    if (this.#recent.length > 100) this.#recent.shift();
    // Episodes before the first update are much faster than the others, and say nothing of the time left.
    if (latest.length > 0) this.#sinceLearning ??= { time: performance.now(), episode, steps };
    const since = this.#sinceLearning ?? { time: this.#started, episode: -1, steps: 0 };
    const seconds = (performance.now() - since.time) / 1000;
    const left = ((this.#episodes - episode - 1) * seconds) / Math.max(1, episode - since.episode);
    const actorLosses = latest.flatMap(({ actorLoss = [] }) => actorLoss);
    this.#bar.update(episode + 1, {
      return: mean(this.#recent).toFixed(2),
      criticLoss: latest.length > 0 ? mean(latest.map(({ criticLoss }) => criticLoss)).toFixed(3) : '-',
      actorLoss: actorLosses.length > 0 ? mean(actorLosses).toFixed(2) : '-',
      speed: seconds > 0 ? Math.round((steps - since.steps) / seconds) : '-',
      left: formatSeconds(left),
    });
  }

  stop(): void {
    this.#bar.stop();
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** As 1:05. */
function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
