// Prints the returns of the same policies in both physics: the table of docs/physics.md. Build first: `npm run build`.
import { makeEnv, SeededRandom, scenarioNames } from '../packages/mpe/dist/index.js';

const EPISODES = 1000;

/** The target of an agent that knows everything; null if it does nothing. */
const targets = {
  simple: (_, { landmarks }) => landmarks[0],
  simple_adversary: (me, { landmarks }) => landmarks[me.adversary ? 0 : me.goal_a.landmark],
  simple_push: (me, { landmarks }) => landmarks[me.goal_a.landmark],
  simple_reference: (me, { agents, landmarks }) => landmarks[agents[1 - me.index].goal_b.landmark],
  simple_speaker_listener: (_, { agents, landmarks }) => landmarks[agents[0].goal_b.landmark],
  simple_spread: (me, { landmarks }) => landmarks[me.index],
  simple_tag: (me, { agents }) => (me.adversary ? agents.at(-1) : null),
  simple_world_comm: (me, { agents, landmarks }) =>
    me.adversary ? agents.at(-1) : landmarks.find(({ kind }) => kind === 'food'),
};

const random = (env) => {
  const draws = new SeededRandom(1);
  return (agent) => env.actionSpace(agent).sample(draws);
};

/** Accelerates towards the target, brakes, and says nothing. */
const scripted = (env) => (agent, state) => {
  const me = state.agents[env.possibleAgents.indexOf(agent)];
  const target = targets[env.name](me, state);
  const force = target ? [0, 1].map((axis) => 3 * (target.pos[axis] - me.pos[axis]) - me.vel[axis]) : [0, 0];
  const words = Array.from({ length: me.silent ? 0 : me.c.length }, () => -1);
  return me.movable ? [...force, ...words] : words;
};

/** Mean return of the first agent of each role, with its standard error. */
function returns(scenario, physics, policyOf) {
  const env = makeEnv(scenario, { physics, actionMode: 'force' });
  const policy = policyOf(env);
  const roles = env.possibleAgents.filter((agent) => agent.endsWith('_0'));
  const totals = Object.fromEntries(roles.map((agent) => [agent, []]));
  for (let seed = 0; seed < EPISODES; seed++) {
    env.reset({ seed });
    const sums = Object.fromEntries(roles.map((agent) => [agent, 0]));
    while (env.agents.length > 0) {
      const state = env.getState();
      const actions = Object.fromEntries(env.agents.map((agent) => [agent, policy(agent, state)]));
      const { rewards } = env.step(actions);
      for (const agent of roles) sums[agent] += rewards[agent];
    }
    for (const agent of roles) totals[agent].push(sums[agent]);
  }
  return Object.fromEntries(Object.entries(totals).map(([agent, all]) => [agent, summary(all)]));
}

function summary(values) {
  const mean = values.reduce((sum, x) => sum + x, 0) / values.length;
  const variance = values.reduce((sum, x) => sum + (x - mean) ** 2, 0) / (values.length - 1);
  return `${mean.toFixed(2)} ± ${Math.sqrt(variance / values.length).toFixed(2)}`;
}

console.log('| scenario | agent | random, farama | random, openai | scripted, farama | scripted, openai |');
console.log('| --- | --- | --- | --- | --- | --- |');
for (const scenario of scenarioNames) {
  const policies = targets[scenario] ? [random, scripted] : [random];
  const columns = policies.flatMap((policy) =>
    ['farama', 'openai'].map((physics) => returns(scenario, physics, policy)),
  );
  for (const agent of Object.keys(columns[0])) {
    const cells = Array.from({ length: 4 }, (_, i) => columns[i]?.[agent] ?? '');
    console.log(`| ${scenario} | ${agent} | ${cells.join(' | ')} |`);
  }
}
