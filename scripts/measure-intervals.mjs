// Prints how often the 95 % intervals of docs/comparing.md contain the true mean: 3000 draws from a normal distribution for each
// number of runs. `npm run bench:intervals` takes a few minutes.
import { Generator } from '@paragrad/tensor';

const { estimate, interquartileMean, mean } = await import(
  new URL('../packages/cli/dist/comparing/statistics.js', import.meta.url)
);
const DRAWS = 3000;
const generator = new Generator(1);

console.log('| runs | mean | interquartile mean |\n| ---- | ---- | ------------------ |');
for (const runs of [2, 3, 4, 5, 10, 20]) {
  const hits = [0, 0];
  for (let draw = 0; draw < DRAWS; draw++) {
    const values = Array.from({ length: runs }, () => generator.normal()); // the true mean is 0
    for (const [i, statistic] of [mean, interquartileMean].entries()) {
      const [low, high] = estimate([values], statistic).interval;
      if (low <= 0 && 0 <= high) hits[i]++;
    }
  }
  const [plain, interquartile] = hits.map((count) => `${Math.round((100 * count) / DRAWS)} %`.padEnd(4));
  console.log(`| ${String(runs).padEnd(4)} | ${plain} | ${interquartile.padEnd(18)} |`);
}
