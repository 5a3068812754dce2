/** An environment by a few lines of code, trained and played in a sandbox. */
import { signal } from '@preact/signals';
import { useState } from 'preact/hooks';
import { example } from '../../own/example.js';
import type { Picture } from '../../own/own-run.js';
import { toSandbox } from '../../own/sandbox.js';
import { Curves } from '../../parts/training/curves.js';
import { Pace, PauseButton } from '../../parts/training/pace.js';
import { inWords, Numbers } from '../../parts/training/progress.js';
import { config } from '../../train/choice.js';
import { LiveTraining } from '../../train/live-training.js';
import { OwnArena } from './arena.js';

const code = signal(example);
const picture = signal<Picture | null>(null);
const training = new LiveTraining((message) => {
  if (message.kind === 'picture') picture.value = message.picture;
});

function start(): void {
  picture.value = null;
  training.start({ config: config.value, threads: 1 }, toSandbox(code.value));
}

export function OwnEnvironment() {
  const [isPlaying, play] = useState(!matchMedia('(prefers-reduced-motion: reduce)').matches);
  const phase = training.phase.value;
  return (
    <section class="own" aria-labelledby="own-title">
      <h3 id="own-title">An environment of your own</h3>
      <p class="note">
        A scenario for a particle world, or a class with PettingZoo's methods. All that{' '}
        <code>@paragrad/mpe</code> exports has its name here. The code runs in a sandbox: it reaches neither
        this page nor a network.
      </p>
      <label class="code">
        <span>Code</span>
        <textarea
          rows={18}
          spellcheck={false}
          autocapitalize="off"
          value={code.value}
          onInput={({ currentTarget }) => {
            code.value = currentTarget.value;
          }}
        />
      </label>
      <div class="fields">
        <Pace training={training} />
      </div>
      <div class="buttons">
        <PauseButton training={training} />
        <button type="button" class={phase === 'training' ? '' : 'main'} onClick={start}>
          {phase === 'none' ? 'Train with this code' : 'Start anew with this code'}
        </button>
        {(phase === 'starting' || phase === 'training' || phase === 'paused') && (
          <button type="button" onClick={() => training.end()}>
            Stop
          </button>
        )}
        {code.value !== example && (
          <button
            type="button"
            onClick={() => {
              code.value = example;
            }}
          >
            Put the example back
          </button>
        )}
      </div>
      <p role="status" class={phase === 'failed' ? 'problem' : 'note'}>
        {inWords[phase]} {training.failure.value}
      </p>
      <Numbers training={training} />
      {training.started.value?.warnings.map((warning) => (
        <p key={warning} class="note">
          {warning}
        </p>
      ))}
      {picture.value && (
        <div class="own-arena">
          <OwnArena picture={picture} isPlaying={isPlaying} />
          <button type="button" onClick={() => play(!isPlaying)}>
            {isPlaying ? 'Hold the picture' : 'Let it play'}
          </button>
        </div>
      )}
      <Curves curve={training.curve} />
    </section>
  );
}
