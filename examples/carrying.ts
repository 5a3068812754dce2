/** An environment of one's own: a table moves where both who carry it push, one place at a time, and has to get to a door. */
import { Box, Discrete, SeededRandom } from '@paragrad/mpe';

const both = <T>(value: T) => ({ ada: value, bob: value });
const [sight, moves] = [new Box(-9, 9, [1]), new Discrete(3)]; // how far the door is to the right; left, stay, right

export class Carrying {
  possibleAgents = Object.keys(both(0));
  agents: string[] = [];
  observationSpace = () => sight;
  actionSpace = () => moves;
  random = new SeededRandom(0);
  door = 0;
  steps = 0;

  reset({ seed }: { seed?: number } = {}) {
    if (seed !== undefined) this.random = new SeededRandom(seed);
    this.agents = this.possibleAgents;
    this.steps = 0;
    this.door = this.random.integer(9) - 4;
    return { observations: both([this.door]), infos: both({}) };
  }

  step({ ada, bob }: Record<string, unknown>) {
    if (ada === bob) this.door -= Number(ada) - 1;
    this.steps += 1;
    const [there, late] = [this.door === 0, this.steps === 5];
    if (there || late) this.agents = [];
    return {
      observations: both([this.door]),
      rewards: both(-Math.abs(this.door)),
      terminations: both(there),
      truncations: both(late),
      infos: both({}),
    };
  }
}
