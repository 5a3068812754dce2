// Makes 2,000 networks, takes a step with each, and drops it. Prints how far the pinned arrays reach in the memory of the
// kernels, after 200 networks and after all. memory.test.ts runs it on the build, with --expose-gc.
import { Adam, Linear, Sequential } from '@paragrad/nn';
import { currentKernels, Generator, ones, scope } from '@paragrad/tensor';

const generator = new Generator(1);
const { arena } = currentKernels();

async function makeAndDrop(count) {
  for (let k = 0; k < count; k++) {
    const network = new Sequential(new Linear(64, 250, { generator }));
    const adam = new Adam(network.parameters());
    scope(() => {
      network
        .forward(ones([1, 64]))
        .sum()
        .backward();
      adam.step();
    });
    if (k % 20 === 0) {
      globalThis.gc();
      await new Promise((resolve) => setTimeout(resolve)); // the event loop must turn before memory is found to be free
    }
  }
  return arena.top;
}

console.log(JSON.stringify({ early: await makeAndDrop(200), late: await makeAndDrop(1800) }));
