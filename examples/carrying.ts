/** An environment of your own: two agents carry a table to a door. It moves by one place when both push the same way. */
import { Box, Discrete, SeededRandom } from '@paragrad/mpe';

const forBoth = <T>(value: T) => ({ ada: value, bob: value });
const distance = new Box(-9, 9, [1]); // what both observe: how far the door is to the right
const moves = new Discrete(3); // what they do: push left, stay, push right

export class Carrying {
  possibleAgents = Object.keys(forBoth(0));
  agents: string[] = [];
  observationSpace = () => distance;
  actionSpace = () => moves;
  random = new SeededRandom(0);
  door = 0;
  steps = 0;

  reset({ seed }: { seed?: number } = {}) {
    if (seed !== undefined) this.random = new SeededRandom(seed);
    this.agents = this.possibleAgents;
    this.steps = 0;
    this.door = this.random.integer(9) - 4;
    return { observations: forBoth([this.door]), infos: forBoth({}) };
  }

  step({ ada, bob }: Record<string, unknown>) {
    if (ada === bob) this.door -= Number(ada) - 1;
    this.steps += 1;
    const [arrived, outOfTime] = [this.door === 0, this.steps === 5];
    if (arrived || outOfTime) this.agents = [];
    return {
      observations: forBoth([this.door]),
      rewards: forBoth(-Math.abs(this.door)),
      terminations: forBoth(arrived),
      truncations: forBoth(outOfTime),
      infos: forBoth({}),
    };
  }
}
