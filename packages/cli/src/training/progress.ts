import type { EpisodeReport } from '@paragrad/maddpg';
import { SingleBar } from 'cli-progress';

// The most important parts come first, because narrow terminals cut the line off.
const FORMAT =
  '  {bar} {value}/{total} episodes, {left} left | return {return} | critic {criticLoss}, actor {actorLoss} | {speed} steps/s';
const LENGTH_WITHOUT_BAR = 102;
/** Milliseconds between two changes of the bar. */
const BETWEEN = 100;

/** The progress bar of training. If the output is not a terminal, it prints a line every ten seconds instead. */
export class TrainingProgress {
  readonly #bar: SingleBar;
  /** The returns of the last 100 episodes: the mean over the agents, or by team. */
  readonly #recentReturns: Readonly<Record<string, number>>[] = [];
  readonly #started = performance.now();
  readonly #episodes: number;
  /** When the bar was last changed. */
  #shown = 0;
  /** Where this part of the training began. */
  #first: { time: number; episode: number; steps: number } | undefined;
  /** When learning began. */
  #learningStart: { time: number; episode: number; steps: number } | undefined;

  /** @param done episodes of an earlier part of the training. */
  constructor(episodes: number, done = 0) {
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
    this.#bar.start(episodes, done, { return: '-', criticLoss: '-', actorLoss: '-', speed: '-', left: '-' });
  }

  update({ episode, steps, meanReturn, teamReturns, latest }: EpisodeReport): void {
    this.#recentReturns.push(teamReturns ?? { '': meanReturn });
    if (this.#recentReturns.length > 100) this.#recentReturns.shift();
    // Episodes before the first update are much faster than the others. So measure the speed from the first update on.
    if (latest.length > 0) this.#learningStart ??= { time: performance.now(), episode, steps };
    this.#first ??= { time: this.#started, episode: episode - 1, steps };
    const now = performance.now();
    if (now - this.#shown < BETWEEN && episode + 1 < this.#episodes) return;
    this.#shown = now;
    const since = this.#learningStart ?? this.#first;
    const seconds = (now - since.time) / 1000;
    const left = ((this.#episodes - episode - 1) * seconds) / Math.max(1, episode - since.episode);
    const actorLosses = latest.flatMap(({ actorLoss = Number.NaN }) =>
      Number.isNaN(actorLoss) ? [] : actorLoss,
    );
    this.#bar.update(episode + 1, {
      return: this.#returns(),
      criticLoss: latest.length > 0 ? mean(latest.map(({ criticLoss }) => criticLoss)).toFixed(3) : '-',
      actorLoss: actorLosses.length > 0 ? mean(actorLosses).toFixed(2) : '-',
      speed: seconds > 0 ? Math.round((steps - since.steps) / seconds) : '-',
      left: formatSeconds(left),
    });
  }

  /** The mean of the recent returns; by team, such as "adversaries 12.30, good -8.10". */
  #returns(): string {
    const meanOf = (team: string) => mean(this.#recentReturns.map((returns) => returns[team])).toFixed(2);
    return Object.keys(this.#recentReturns[0])
      .map((team) => `${team} ${meanOf(team)}`.trimStart())
      .join(', ');
  }

  /** Prints a line above the bar. */
  print(line: string): void {
    if (process.stdout.isTTY) process.stdout.write('\r\x1b[K');
    console.error(line);
  }

  stop(): void {
    this.#bar.stop();
  }
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Minutes and seconds, such as 1:05. */
function formatSeconds(seconds: number): string {
  const whole = Math.round(seconds);
  return `${Math.floor(whole / 60)}:${String(whole % 60).padStart(2, '0')}`;
}
