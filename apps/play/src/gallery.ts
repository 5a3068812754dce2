/** Makes docs/images/scenarios/<scenario>.gif of each scenario: a few episodes of the scripted agents. */
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeEnv, type ScenarioName, scenarioNames } from '@paragrad/mpe';
import { encodeGif, type Frame } from '@paragrad/mpe/gif';
import { actionOf, choices } from './scripted.js';

const IMAGES = fileURLToPath(new URL('../../../docs/images/scenarios/', import.meta.url));

/** Seeds of which the episodes show what the scenario is about, and how many steps they take to show it. */
const EPISODES: Partial<Record<ScenarioName, { seeds: number[]; steps: number }>> = {};

for (const name of scenarioNames) {
  const { seeds, steps } = EPISODES[name] ?? { seeds: [1, 2, 3], steps: 25 };
  const gif = await encodeGif(
    seeds.flatMap((seed) => episode(name, seed, steps)),
    { size: 280 },
  );
  writeFileSync(`${IMAGES}${name}.gif`, gif);
  console.log(`${name}: ${(gif.length / 1000).toFixed(0)} kB`);
}

function episode(name: ScenarioName, seed: number, maxCycles: number): Frame[] {
  const env = makeEnv(name, { actionMode: 'force', maxCycles });
  env.reset({ seed });
  const frames: Frame[] = [{ scene: env.scene(), duration: 400 }];
  while (env.agents.length > 0) {
    const actions = [...choices(name, env.getState())].map(([agent, choice]) => [
      agent.name,
      actionOf(agent, choice),
    ]);
    env.step(Object.fromEntries(actions));
    frames.push({ scene: env.scene(), duration: 100 });
  }
  frames.at(-1)!.duration = 1000;
  return frames;
}
