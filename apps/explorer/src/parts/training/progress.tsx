/** How far a training is, in words and numbers. */
import { formatCount, formatNumber } from '@paragrad/watch/words';
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
  const now = progress.value;
  if (!now || !started.value) return null;
  const { kernels, threads: count, whyOneThread, gpu } = started.value;
  return (
    <>
      <progress aria-label="Episodes trained" value={now.episodes} max={now.ofEpisodes} />
      <dl class="numbers">
        <Reading name="episode" value={`${formatCount(now.episodes)} of ${formatCount(now.ofEpisodes)}`} />
        <Reading name="steps" value={formatCount(now.steps)} />
        <Reading name="updates" value={formatCount(now.updates)} />
        <Reading name="steps/s" value={formatNumber(now.stepsPerSecond)} />
        <Reading name="updates/s" value={formatNumber(now.updatesPerSecond)} />
        <Reading name="kernels" value={kernels} />
        <Reading name="threads" value={String(count)} />
      </dl>
      {gpu && <p class="note">GPU: {gpu}.</p>}
      {whyOneThread && <p class="note">One thread: {whyOneThread}.</p>}
    </>
  );
}

function Reading({ name, value }: { readonly name: string; readonly value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}
