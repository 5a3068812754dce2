import type { ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers/promises';
import { findRuns, nameOf } from '../run/find-runs.js';
import type { RunUpdate } from './messages.js';
import { RunTail } from './run-tail.js';
import { type ServeOptions, servePage } from './serve-page.js';

/** Milliseconds between two looks at the files. */
const PERIOD = 200;
/** Runs that are over, and new ones, are looked at every so many periods. */
const SELDOM = 10;

/** Serves the page that shows how runs learn, while they do. `paths`: folders of runs, or folders that runs are in. */
export async function watchCommand(paths: readonly string[], serving: ServeOptions = {}): Promise<void> {
  const watcher = new Watcher(paths);
  await servePage('/watch/', watcher.intro, {
    runs: watcher.folders,
    events: (response) => watcher.connect(response),
    ...serving,
  });
}

/** Follows runs as long as a page is open, and tells the pages what is new. */
export class Watcher {
  /** By the number of the run. */
  readonly folders: string[] = [];
  readonly #paths: readonly string[];
  readonly #tails: RunTail[] = [];
  readonly #pages = new Set<ServerResponse>();
  #isFollowing = false;

  /** Throws if a path does not exist. */
  constructor(paths: readonly string[]) {
    this.#paths = paths;
    this.#findNewRuns();
  }

  get intro(): string {
    const count = this.folders.length;
    return count === 0 ? 'No run yet. It will appear' : `Watch ${count === 1 ? 'the run' : `${count} runs`}`;
  }

  /** Tells a page all that is known, and from then on what is new. */
  connect(page: ServerResponse): void {
    page.writeHead(200, { 'Content-Type': 'text/event-stream', 'Cache-Control': 'no-store' });
    page.write('retry: 1000\n\n'); // the page connects again after a second
    for (const tail of this.#tails) tell(page, tail.all);
    this.#pages.add(page);
    page.once('close', () => this.#pages.delete(page));
    if (!this.#isFollowing) void this.#follow();
  }

  async #follow(): Promise<void> {
    this.#isFollowing = true;
    for (let period = 0; this.#pages.size > 0; period++) {
      const isSeldom = period % SELDOM === 0;
      if (isSeldom) this.#lookForNewRuns();
      for (const tail of this.#tails) {
        if (!isSeldom && !tail.isRunning) continue;
        const news = await tail.poll();
        if (news) for (const page of this.#pages) tell(page, news);
      }
      await setTimeout(PERIOD);
    }
    this.#isFollowing = false;
  }

  #lookForNewRuns(): void {
    try {
      this.#findNewRuns();
    } catch {} // a folder was removed; it may come back
  }

  #findNewRuns(): void {
    for (const run of findRuns(this.#paths)) {
      if (this.folders.includes(run)) continue;
      const tail = new RunTail(this.folders.length, run, nameOf(run, [...this.folders, run]));
      this.folders.push(run);
      this.#tails.push(tail);
      for (const page of this.#pages) tell(page, tail.all);
    }
  }
}

function tell(page: ServerResponse, update: RunUpdate): void {
  page.write(`data: ${JSON.stringify(update)}\n\n`);
}
