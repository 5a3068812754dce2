/** Classic mistakes as switches: what they change in the code, in an update, and what they cost. */
import { type Mistake, mistakes } from '../../model/mistakes.js';
import { whyNoSteps } from '../../model/update-steps.js';
import { BatchChoice } from '../../parts/batch-choice.js';
import { address, change, session } from '../../state.js';
import { mistakesMade } from '../broken.js';
import { Costs } from './costs.js';
import { Differences } from './differences.js';
import { Graphs } from './graphs.js';
import { CriticKnowledge } from './knowledge.js';

export function Mistakes() {
  const current = session.value;
  if (!current) return <p aria-busy="true">Loading.</p>;
  const reason = whyNoSteps(current.run.config);
  return (
    <div class="mistakes">
      <fieldset class="switches">
        <legend>Mistakes that are made again and again</legend>
        {mistakes.map((mistake) => (
          <Switch key={mistake.name} mistake={mistake} />
        ))}
      </fieldset>
      {mistakesMade.value.map((mistake) => (
        <About key={mistake.name} mistake={mistake} />
      ))}
      {reason ? (
        <p>{reason}</p>
      ) : (
        <>
          {mistakesMade.value.length > 0 && <BatchChoice />}
          <Graphs />
          <Differences />
        </>
      )}
      <Costs />
      <CriticKnowledge />
    </div>
  );
}

function Switch({ mistake: { name, title } }: { mistake: Mistake }) {
  const on = address.mistakes.value;
  return (
    <label>
      <input
        type="checkbox"
        checked={on.includes(name)}
        onChange={({ currentTarget }) =>
          change({ mistakes: currentTarget.checked ? [...on, name] : on.filter((other) => other !== name) })
        }
      />
      {title}
    </label>
  );
}

function About({ mistake: { title, wrong, file, diff } }: { mistake: Mistake }) {
  return (
    <section aria-label={title}>
      <h3>{title}</h3>
      <p>{wrong}</p>
      <figure class="code">
        <figcaption>{file}</figcaption>
        {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it */}
        <section tabIndex={0} aria-label={`The change in ${file}`}>
          <pre>
            <code class="diff">
              {diff.map(([mark, code]) => (
                <span
                  key={code}
                  class={mark === '-' ? 'removed' : 'added'}
                  data-line={mark === '-' ? '−' : '+'}
                >
                  {code}
                  {'\n'}
                </span>
              ))}
            </code>
          </pre>
        </section>
      </figure>
    </section>
  );
}
