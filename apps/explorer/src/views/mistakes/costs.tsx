/** What the mistakes cost: small trainings with and without them, beside each other. */
import { useEffect, useState } from 'preact/hooks';
import { type GameName, games } from '../../model/games.js';
import { compare, comparison, inWords, stop } from '../../rehearse/comparison.js';
import { address } from '../../state.js';
import { mistakesMade } from '../broken.js';
import { Curves } from './curves.js';

export function Costs() {
  const made = mistakesMade.value;
  const [chosen, choose] = useState<GameName | null>(null);
  const game = chosen ?? made[0]?.game ?? 'rivals';
  const shown = comparison.value;
  useEffect(() => choose(null), [address.mistakes.value]);
  useEffect(() => stop, []);
  const isGoing = shown !== null && !shown.isOver;
  return (
    <section aria-labelledby="costs">
      <h3 id="costs">What it costs</h3>
      <p class="note">
        In a large scenario a mistake can hide behind luck. These small games for two agents are made so that
        it shows within seconds: 500 updates, the same first weights, the same seeds.
      </p>
      <div class="fields">
        <label class="pick">
          <span>Game</span>
          <select value={game} onChange={({ currentTarget }) => choose(currentTarget.value as GameName)}>
            {Object.entries(games).map(([name, { title }]) => (
              <option key={name} value={name}>
                {title}
              </option>
            ))}
          </select>
        </label>
        <button
          type="button"
          class="main"
          disabled={made.length === 0}
          onClick={() =>
            isGoing
              ? stop()
              : compare(
                  game,
                  made.map(({ name }) => name),
                )
          }
        >
          {isGoing ? 'Stop' : 'Train right and broken'}
        </button>
      </div>
      <p>{games[game].rules}</p>
      {made.length === 0 && <p class="note">Switch a mistake on to see what it costs.</p>}
      {shown && <Curves shown={shown} />}
      <p role="status" data-costs={shown?.isOver ? 'over' : ''}>
        {shown?.failure ?? (shown ? `${games[shown.game].title}. ${inWords(shown)}` : '')}
      </p>
    </section>
  );
}
