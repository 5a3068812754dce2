/** Makes docs/images/scenarios/<name>.gif for each scenario: a few episodes with scripted players. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { makeEnv, type ScenarioName, scenarioNames, scriptedActions } from '@paragrad/mpe';
import { encodeGif, type Frame } from '@paragrad/mpe/gif';

const FOLDER = fileURLToPath(new URL('../../../docs/images/scenarios/', import.meta.url));

interface Clip {
  /** The seeds of episodes that show what the scenario is about. */
  seeds: number[];
  steps?: number;
  /** How long a step is shown, in milliseconds. */
  duration?: number;
}

const CLIPS: Record<ScenarioName, Clip> = {
  simple: { seeds: [1, 4, 28], steps: 15 },
  simple_adversary: { seeds: [1, 2, 3] },
  simple_crypto: { seeds: [17, 20, 16, 23], steps: 3, duration: 800 }, // all pairs of a message and a key
  simple_push: { seeds: [8, 10, 7] }, // the adversary guesses right in the end
  simple_reference: { seeds: [1, 11, 7] },
  simple_speaker_listener: { seeds: [1, 2, 3], steps: 20 },
  simple_spread: { seeds: [1, 2, 3] },
  simple_tag: { seeds: [1, 2, 3] },
  simple_world_comm: { seeds: [1, 2], steps: 35 },
};

mkdirSync(FOLDER, { recursive: true });
for (const name of scenarioNames) {
  const gif = await encodeGif(framesOf(name, CLIPS[name]), { size: 280 });
  writeFileSync(`${FOLDER}${name}.gif`, gif);
  console.log(`${name}: ${(gif.length / 1000).toFixed(0)} kB`);
}

/** The frames of all episodes. The first and the last frame of each episode are shown longer. */
function framesOf(name: ScenarioName, { seeds, steps = 25, duration = 100 }: Clip): Frame[] {
  const env = makeEnv(name, { actionMode: 'force', maxCycles: steps });
  return seeds.flatMap((seed) => {
    env.reset({ seed });
    const frames: Frame[] = [{ scene: env.scene(), duration: 500 }];
    while (env.agents.length > 0) {
      env.step(scriptedActions(env));
      frames.push({ scene: env.scene(), duration });
    }
    frames.at(-1)!.duration = 1000;
    return frames;
  });
}
