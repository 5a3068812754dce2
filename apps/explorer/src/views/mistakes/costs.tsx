/** What the mistakes cost: short trainings with and without them, beside each other. */
import { useEffect, useState } from 'preact/hooks';
import { type GameName, games } from '../../model/games.js';
import { mistakesNamed } from '../../model/mistakes.js';
import type { Task } from '../../model/rehearsal.js';
import { inWords as nameInWords } from '../../numbers.js';
import { compare, comparison, inWords, stop } from '../../rehearse/comparison.js';
import { address, agent, session } from '../../state.js';
import { mistakesMade } from '../broken.js';
import { Curves } from './curves.js';

const ARENA = 'arena';
type Choice = GameName | typeof ARENA;

export function Costs() {
  const made = mistakesMade.value;
  const [chosen, choose] = useState<Choice | null>(null);
  const choice = chosen ?? made[0]?.game ?? 'rivals';
  const shown = comparison.value;
  useEffect(() => choose(null), [address.mistakes.value]);
  useEffect(() => stop, []);
  const isGoing = shown !== null && !shown.isOver;
  const what = shown
    ? `${mistakesNamed(shown.mistakes)
        .map(({ title }) => title)
        .join(', ')}; ${titleOf(shown.task)}.`
    : '';
  const said = shown?.failure ?? (shown ? `${what} ${inWords(shown)}` : '');
  const begin = () =>
    compare(
      choice === ARENA ? arenaTask() : choice,
      made.map(({ name }) => name),
    );
  return (
    <section aria-labelledby="costs">
      <h3 id="costs">What it costs</h3>
      <p class="note">
        The same first weights, the same seeds, right and broken. The small games for two agents are made so
        that one mistake shows within seconds. Elsewhere it may cost nothing. Measured over 600 episodes with
        both seeds: in simple_spread only the gradient into the critic and the end at the time limit cost
        much, and in simple_adversary only the gradient into the critic and, for the adversary, no detach.
      </p>
      <div class="fields">
        <label class="pick">
          <span>Where</span>
          <select value={choice} onChange={({ currentTarget }) => choose(currentTarget.value as Choice)}>
            {Object.entries(games).map(([name, { title }]) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
            <option value={ARENA}>the arena's scenario</option>
          </select>
        </label>
        <button
          type="button"
          class="main"
          disabled={made.length === 0}
          onClick={() => (isGoing ? stop() : begin())}
        >
          {isGoing ? 'Stop' : 'Train right and broken'}
        </button>
      </div>
      <p>{rulesOf(choice)}</p>
      {made.length === 0 && <p class="note">Switch a mistake on to see what it costs.</p>}
      {shown && <Curves shown={shown} />}
      <p data-costs={shown?.isOver ? 'over' : ''}>{said}</p>
      <p class="hidden" role="status">
        {shown?.isOver ? said : ''}
      </p>
    </section>
  );
}

/** The scenario of the policy that plays, and the agent that the reader follows. */
function arenaTask(): Task {
  const { agents, run } = session.value!;
  const { scenario, env } = run.config;
  return { scenario, env, agent: agents[agent.value] };
}

function rulesOf(choice: Choice): string {
  if (choice !== ARENA) return games[choice].rules;
  const { agents, run } = session.value!;
  return (
    `MADDPG with small networks from the beginning, 1500 updates in ${run.config.scenario}: half a minute or more. ` +
    `The score is what ${nameInWords(agents[agent.value])}, which you follow, gets in an episode: the mean of 20.`
  );
}

function titleOf(task: Task): string {
  return typeof task === 'string' ? games[task].title : `${task.scenario}, ${nameInWords(task.agent)}`;
}
