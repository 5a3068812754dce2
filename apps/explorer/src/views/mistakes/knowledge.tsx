/** What the two kinds of critics know of each agent. */
import { computed } from '@preact/signals';
import { agentColors } from '../../model/agent-colors.js';
import { type Knowledge, knowledgeOf, withIndependentCritics } from '../../model/critic-knowledge.js';
import { inWords, number } from '../../numbers.js';
import { address, agent, change, moment, session } from '../../state.js';

/** Rows of which the means are, and from which the independent critic learns. */
const ROWS = 128;

const batch = computed(() => session.value?.batchOfEpisodes(ROWS) ?? null);
const central = computed(() =>
  session.value ? knowledgeOf(session.value.algorithm, agent.value, batch.value!) : null,
);
/** Takes a second. */
const alone = computed(() => {
  const current = session.value;
  if (!current || !address.mistakes.value.includes('independent-critic')) return null;
  const independent = withIndependentCritics(current.algorithm, batch.value!, [agent.value]);
  return knowledgeOf(independent, agent.value, batch.value!);
});

export function CriticKnowledge() {
  const current = session.value;
  const now = moment.value;
  if (!current || !now || !central.value) return null;
  const { mistakes } = address;
  const isOn = mistakes.value.includes('independent-critic');
  const colors = agentColors(now.state);
  const critics: (readonly [string, Knowledge])[] = [
    [criticIn(current.run.config.settings.critic), central.value],
  ];
  if (alone.value) critics.push(['an independent one', alone.value]);
  return (
    <section aria-labelledby="knowledge">
      <h3 id="knowledge">What {inWords(current.agents[agent.value])}'s critic knows of the others</h3>
      <p class="note">
        How much Q changes with what each agent sees and does: the length of dQ/do<sub>j</sub> and dQ/da
        <sub>j</sub>, the mean over {ROWS} rows.
      </p>
      <table class="knowledge">
        <thead>
          <tr>
            <th scope="col">agent j</th>
            {critics.map(([name]) => (
              <th key={name} scope="col" colSpan={2}>
                {name}: dQ/do, dQ/da
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {current.agents.map((name, j) => (
            <tr key={name} data-knows={name}>
              <th scope="row">
                <span class="dot" style={{ background: colors[j] }} />
                {inWords(name)}
              </th>
              {critics.map(([critic, { observations, actions }]) => (
                <Cells key={critic} values={[observations, actions]} j={j} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
      <button
        type="button"
        aria-pressed={isOn}
        onClick={() =>
          change({
            mistakes: isOn
              ? mistakes.value.filter((name) => name !== 'independent-critic')
              : [...mistakes.value, 'independent-critic'],
          })
        }
      >
        {isOn ? 'Without the independent critic' : 'Compare with an independent critic'}
      </button>
      {isOn && (
        <p class="note">
          The independent critic has learned for 200 steps from the same rows. Its zeros are exact: the others
          are not among its inputs, so nothing that it could learn would change them.
        </p>
      )}
    </section>
  );
}

/** A number each, with a bar. */
function Cells({ values, j }: { values: readonly (readonly number[])[]; j: number }) {
  return (
    <>
      {values.map((sizes, k) => (
        <td key={k} data-value={sizes[j]}>
          {number(sizes[j])}
          <span class="bar" style={{ width: `${(60 * sizes[j]) / (Math.max(...sizes) || 1)}%` }} />
        </td>
      ))}
    </>
  );
}

function criticIn(kind: string | undefined): string {
  return kind === 'independent' ? "this policy's critic" : 'the centralized critic';
}
