// Times the MLP step of one library, in a process of its own: node run.mjs <module> <option> [--quick].
// The last line of output is JSON: the median time and the first losses, which show the caller that it is the same work, or null
// if this machine does not have the option.
import { mlpProblem } from '../dist/mlp-problem.js';
import { time } from '../dist/timing.js';

const [library, option, flag] = process.argv.slice(2);
const { prepare } = await import(`./${library}.mjs`);
const prepared = await prepare(mlpProblem(), option);
finish(prepared ? await timed(prepared) : null);

async function timed({ step, ...about }) {
  const losses = [];
  for (let i = 0; i < 10; i++) losses.push(await step());
  const [row] = await time([{ name: 'MLP step', prepare: () => step, warmup: 1500 }], {
    quick: flag === '--quick',
  });
  return { runtime: `Node ${process.versions.node}`, ...row, ...about, losses };
}

function finish(result) {
  process.stdout.write(`\n${JSON.stringify(result)}\n`, () => process.exit(0)); // ends all threads, too
}
