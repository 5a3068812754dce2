/** How far a training is, in words and numbers. */
import { formatCount, formatNumber } from '@paragrad/watch/words';
import { useState } from 'preact/hooks';
import type { LiveTraining, Phase } from '../../train/live-training.js';

export const inWords: Readonly<Record<Phase, string>> = {
  none: 'Nothing has been trained here yet.',
  starting: 'Starting …',
  training: 'Training.',
  paused: 'Paused.',
  ended: 'All episodes are trained.',
  failed: 'The training has failed.',
};

export function Numbers({ training: { progress, started } }: { readonly training: LiveTraining }) {
  const [said, say] = useState('');
  const now = progress.value;
  if (!now || !started.value) return null;
  const { kernels, threads, whyOneThread, gpu } = started.value;
  const lines = [
    ['episode', `${formatCount(now.episodes)} of ${formatCount(now.ofEpisodes)}`],
    ['steps', formatCount(now.steps)],
    ['updates', formatCount(now.updates)],
    ['steps/s', formatNumber(now.stepsPerSecond)],
    ['updates/s', formatNumber(now.updatesPerSecond)],
    ['kernels', kernels],
    ['threads', String(threads)],
  ] as const;
  return (
    <>
      <progress aria-label="Episodes trained" value={now.episodes} max={now.ofEpisodes} />
      <dl class="numbers">
        {lines.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <button
        type="button"
        class="quiet"
        onClick={() => say(lines.map(([name, value]) => `${name} ${value}`).join(', '))}
      >
        Read the progress out
      </button>
      <p class="hidden" role="status">
        {said}
      </p>
      {gpu && <p class="note">GPU: {gpu}.</p>}
      {whyOneThread && <p class="note">One thread: {whyOneThread}.</p>}
    </>
  );
}
