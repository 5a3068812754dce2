/** One gradient, followed: the loss of one agent's actor as the graph that was recorded. */
import { toSvg } from '@paragrad/tensor/inspect';
import { useState } from 'preact/hooks';
import { BATCH_ROWS } from '../../model/gradient-flow.js';
import { penaltiesOf } from '../../model/penalties.js';
import { inWords } from '../../numbers.js';
import { address, agent, session } from '../../state.js';
import { MistakesNote } from '../mistakes/note.js';
import { Details } from './details.js';
import { flow, folded, toggle, useFlow } from './flow.js';
import { List } from './list.js';
import { Picture } from './picture.js';

export function Gradient() {
  useFlow();
  const [isList, showList] = useState(false);
  const current = session.value;
  if (!current || !flow.value) return <p aria-busy="true">The graph is recorded …</p>;
  const name = inWords(current.agents[agent.value]);
  const { unfolded } = address;
  const isPenalized = penaltiesOf(current.algorithm, agent.value).length > 0;
  const isMoment = address.batch.value === 'moment';
  return (
    <div class="follow">
      <p class="about">
        The loss of {name}'s actor is −<i>Q</i>
        {isPenalized && ' + penalty'}, as a graph that was recorded{' '}
        {isMoment ? 'for this moment' : `for ${BATCH_ROWS} moments of its episodes`}. Values flow forward. The
        colored gradient flows back along the same lines, wider where it is larger. Lines that are cut, and
        grey ones, carry none.
      </p>
      <MistakesNote />
      <div class="bar">
        <fieldset>
          <legend class="hidden">Gradient of</legend>
          {(['moment', 'batch'] as const).map((kind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={address.batch.value === kind}
              onClick={() => {
                address.batch.value = kind;
              }}
            >
              {kind === 'moment' ? 'This moment' : `A batch of ${BATCH_ROWS}`}
            </button>
          ))}
        </fieldset>
        <button type="button" class="quiet" aria-pressed={isList} onClick={() => showList(!isList)}>
          As a list
        </button>
        <button type="button" class="quiet" onClick={savePicture}>
          Save as SVG
        </button>
      </div>
      <fieldset class="parts">
        <legend>Unfold</legend>
        {flow.value.parts.map(({ key, group }) => (
          <button
            key={key}
            type="button"
            aria-pressed={unfolded.value.includes(key)}
            onClick={() => toggle(key)}
          >
            {inWords(group.name)}
          </button>
        ))}
      </fieldset>
      {isList ? (
        <List />
      ) : (
        <>
          <Picture />
          <Details />
        </>
      )}
    </div>
  );
}

function savePicture(): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([toSvg(folded.value!)], { type: 'image/svg+xml' }));
  link.download = 'gradient.svg';
  link.click();
  URL.revokeObjectURL(link.href);
}
