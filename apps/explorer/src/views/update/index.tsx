/** One update, phase by phase: the equation, the lines that run, the numbers, and how the arrows turn. */
import { useEffect } from 'preact/hooks';
import { runningCode } from '../../model/running-code.js';
import { linesOf } from '../../model/source-lines.js';
import { sources } from '../../model/sources.js';
import { whyNoSteps } from '../../model/update-steps.js';
import { inWords } from '../../numbers.js';
import { BatchChoice } from '../../parts/batch-choice.js';
import { Code } from '../../parts/code.js';
import { address, session } from '../../state.js';
import { broken, brokenSteps } from '../broken.js';
import { MistakesNote } from '../mistakes/note.js';
import { PhaseControls } from './controls.js';
import { Equation, titleOf } from './equations.js';
import { Numbers } from './numbers.js';
import { at, phase } from './phases.js';
import { showArrows } from './show-arrows.js';
import { Turns } from './turns.js';

export function Update() {
  const current = session.value;
  useEffect(showArrows, []);
  if (!current) return <p aria-busy="true">Loading.</p>;
  const reason = whyNoSteps(current.run.config);
  if (reason) return <p>{reason}</p>;
  const steps = brokenSteps.value;
  if (!steps) return <p aria-busy="true">Loading.</p>;
  const title = titleOf(phase.value, current.agents);
  return (
    <div class="update">
      <div class="fields">
        <PhaseControls titles={[undefined, ...steps.phases].map((one) => titleOf(one, current.agents))} />
        <BatchChoice />
      </div>
      <p class="note">
        A copy of {address.run.value === 'own' ? 'your' : 'this'} policy learns here, of{' '}
        {current.agents.map(inWords).join(', ')}, with the optimizers as they were saved. What plays in the
        arena stays as it is: dashed arrows show the copy. Learning from one moment alone turns them far more
        than a batch does.
      </p>
      <MistakesNote />
      <h2 id="phase-title">{title}</h2>
      <p class="hidden" role="status">
        {at.value} of {steps.phases.length}: {title}
      </p>
      <div class="columns">
        <div>
          <Equation phase={phase.value} algorithm={broken.value!} />
          <Numbers phase={phase.value} />
          <Turns />
        </div>
        <div>
          {runningCode(phase.value, current.run.config.algorithm).map(({ file, places }) => (
            <Code
              key={file}
              file={file}
              text={sources[file]}
              running={places.map((place) => linesOf(sources[file], place))}
            />
          ))}
        </div>
      </div>
    </div>
  );
}
