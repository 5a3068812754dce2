// Trains a small network for 10,000 steps. Prints the memory in use before, after 1,000 steps and after all steps, as JSON.
// memory.test.ts runs it on the build, with --expose-gc.
import { Adam, clipGradNorm, Linear, ReLU, Sequential } from '@paragrad/nn';
import { Generator, mseLoss, normal } from '@paragrad/tensor';

const generator = new Generator(1);
const network = new Sequential(
  new Linear(8, 16, { generator }),
  new ReLU(),
  new Linear(16, 1, { generator }),
);
const adam = new Adam(network.parameters());
const x = normal([64, 8], generator);
const y = normal([64, 1], generator);

/** The last losses, as a user may keep them to print. Their graphs should not stay in memory. */
const losses = [];

function train(steps) {
  for (let step = 0; step < steps; step++) {
    adam.zeroGrad();
    const loss = mseLoss(network.forward(x), y);
    const frozen = network.forward(x).detach();
    loss.add(mseLoss(network.forward(x), frozen)).backward();
    clipGradNorm(network.parameters(), 10);
    adam.step();
    losses.push(loss);
    if (losses.length > 100) losses.shift();
  }
}

function memory() {
  globalThis.gc();
  globalThis.gc();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return { heapUsed, arrayBuffers };
}

const start = memory();
train(1000);
const early = memory();
train(9000);
console.log(JSON.stringify({ start, early, late: memory(), loss: losses.at(-1).item() }));
