/** How long a run still takes, from how fast it went in the last half minute. */
export class TimeLeft {
  readonly #samples: { readonly time: number; readonly episodes: number }[] = [];

  /** @param time in milliseconds. */
  add(time: number, episodes: number): void {
    const samples = this.#samples;
    if (samples.length > 0 && episodes < samples.at(-1)!.episodes) samples.length = 0; // it went back to a checkpoint
    if (samples.length > 0 && time - samples.at(-1)!.time < 1000) return;
    samples.push({ time, episodes });
    while (samples.length > 2 && time - samples[0].time > 30_000) samples.shift();
  }

  /** In seconds; undefined as long as nothing is known. */
  of(episodesLeft: number): number | undefined {
    const [first, last] = [this.#samples[0], this.#samples.at(-1)];
    if (!first || !last || last.time - first.time < 2000 || last.episodes === first.episodes)
      return undefined;
    return ((last.time - first.time) / 1000 / (last.episodes - first.episodes)) * episodesLeft;
  }
}
