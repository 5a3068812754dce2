/** The scores of right and broken trainings, as lines. */
import { games } from '../../model/games.js';
import { mistakesNamed } from '../../model/mistakes.js';
import { courseOf } from '../../model/rehearsal.js';
import { number } from '../../numbers.js';
import { type Comparison, inWords } from '../../rehearse/comparison.js';

const WIDTH = 560;
const HEIGHT = 200;
const LEFT = 48;
const BOTTOM = 24;
const TOP = 10;

export function Curves({ shown }: { shown: Comparison }) {
  const course = courseOf(shown.task);
  const all = [...shown.right, ...shown.broken].flatMap(({ scores }) => scores);
  const best = typeof shown.task === 'string' ? games[shown.task].best : Math.max(...all, -1);
  const lowest = Math.min(best - 0.5, ...all);
  const x = (updates: number) => LEFT + ((WIDTH - LEFT - 8) * updates) / course.updates;
  const y = (score: number) => TOP + ((HEIGHT - TOP - BOTTOM) * (best - score)) / (best - lowest);
  const path = (scores: readonly number[]) =>
    scores
      .map(
        (score, k) => `${k === 0 ? 'M' : 'L'}${x(k * course.scoreEvery).toFixed(1)} ${y(score).toFixed(1)}`,
      )
      .join('');
  return (
    <figure class="comparison">
      <ul class="legend">
        <li class="right">right, seeds 1 and 2</li>
        <li class="broken">
          {mistakesNamed(shown.mistakes)
            .map(({ title }) => title)
            .join(', ')}
          , the same seeds
        </li>
      </ul>
      <svg
        viewBox={`0 0 ${WIDTH} ${HEIGHT}`}
        role="img"
        aria-label={`Scores over ${course.updates} updates. ${inWords(shown)}`}
      >
        {[best, (best + lowest) / 2, lowest].map((score) => (
          <g key={score}>
            <path class="grid" d={`M${LEFT} ${y(score)}H${WIDTH}`} />
            <text x={LEFT - 6} y={y(score) + 4} text-anchor="end">
              {number(score)}
            </text>
          </g>
        ))}
        {[0, course.updates / 2, course.updates].map((updates) => (
          <text
            key={updates}
            x={x(updates)}
            y={HEIGHT - 6}
            text-anchor={updates === 0 ? 'start' : updates === course.updates ? 'end' : 'middle'}
          >
            {updates === 0 ? 'update 0' : updates}
          </text>
        ))}
        {shown.right.map(({ seed, scores }) => (
          <path key={seed} class="right" d={path(scores)} />
        ))}
        {shown.broken.map(({ seed, scores }) => (
          <path key={seed} class="broken" d={path(scores)} />
        ))}
      </svg>
    </figure>
  );
}
