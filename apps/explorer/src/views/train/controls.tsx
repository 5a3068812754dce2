/** Which run, start and pause, the speed, and how far it is. */
import { type PresetName, presetNames } from '@paragrad/maddpg';
import { type ScenarioName, scenarioNames } from '@paragrad/mpe';
import { formatCount, formatNumber } from '@paragrad/watch/words';
import { choosePreset, source } from '../../train/choice.js';
import {
  failure,
  goOn,
  hasLearned,
  isOnStage,
  mostThreads,
  type Phase,
  pace,
  pause,
  phase,
  progress,
  setPace,
  showOnStage,
  start,
  started,
  threads,
  trained,
  usesGpu,
  whyNotOnStage,
} from '../../train/training.js';

const presets: Readonly<Record<PresetName, string>> = {
  defaults: 'default',
  lowe2017: 'Lowe et al. 2017',
  openai2018: 'openai/maddpg, 2018',
  tuned: 'tuned, learn fast',
};

/** Steps in a second. An episode has 25 by default. */
const paces = [10, 100, 1000, Number.POSITIVE_INFINITY];

const inWords: Readonly<Record<Phase, string>> = {
  none: 'Nothing has been trained here yet.',
  starting: 'Starting …',
  training: 'Training.',
  paused: 'Paused.',
  ended: 'All episodes are trained.',
  failed: 'The training has failed.',
};

export function Controls() {
  const { preset, config: from, about, files } = source.value;
  const isRunning = phase.value === 'training' || phase.value === 'paused' || phase.value === 'starting';
  const isFirst = phase.value === 'none';
  const isAgain = trained.value === source.value;
  const startWords = files
    ? `Go on ${isAgain ? 'from its files again' : 'with the run'}`
    : `Start ${isFirst ? 'training' : 'anew'}`;
  return (
    <>
      <div class="fields">
        <label>
          <span>Preset</span>
          <select
            value={preset ?? 'own'}
            onChange={({ currentTarget: { value } }) => {
              if (value !== 'own') choosePreset(value as PresetName, from.scenario);
            }}
          >
            {presetNames.map((name) => (
              <option key={name} value={name}>
                {presets[name]}
              </option>
            ))}
            {!preset && <option value="own">those of your run</option>}
          </select>
        </label>
        <label>
          <span>Scenario</span>
          <select
            value={from.scenario}
            disabled={!preset}
            onChange={({ currentTarget: { value } }) => choosePreset(preset!, value as ScenarioName)}
          >
            {scenarioNames.map((name) => (
              <option key={name}>{name}</option>
            ))}
          </select>
        </label>
        <label>
          <span>Steps in a second</span>
          <select
            value={String(pace.value)}
            onChange={({ currentTarget: { value } }) => setPace(Number(value))}
          >
            {paces.map((value) => (
              <option key={value} value={String(value)}>
                {value === Number.POSITIVE_INFINITY ? 'as many as possible' : `at most ${value}`}
              </option>
            ))}
          </select>
        </label>
        <label>
          <span>Products</span>
          <select
            value={usesGpu.value ? 'gpu' : 'cpu'}
            onChange={({ currentTarget: { value } }) => {
              usesGpu.value = value === 'gpu';
            }}
          >
            <option value="cpu">on the CPU</option>
            <option value="gpu">on the GPU where faster</option>
          </select>
        </label>
        {mostThreads > 1 && (
          <label>
            <span>Threads</span>
            <select
              value={threads.value}
              onChange={({ currentTarget: { value } }) => {
                threads.value = Number(value);
              }}
            >
              <option value={0}>all but one</option>
              {Array.from({ length: mostThreads }, (_, k) => (
                <option key={k} value={k + 1}>
                  {k + 1}
                </option>
              ))}
            </select>
          </label>
        )}
      </div>
      {about && <p class="note">{about}</p>}
      <div class="buttons">
        {phase.value === 'training' && (
          <button type="button" class="main" onClick={pause}>
            Pause training
          </button>
        )}
        {phase.value === 'paused' && (
          <button type="button" class="main" onClick={goOn}>
            Go on
          </button>
        )}
        <button type="button" class={isRunning ? '' : 'main'} onClick={start}>
          {startWords}
        </button>
        {hasLearned.value && phase.value !== 'failed' && !isOnStage.value && !whyNotOnStage.value && (
          <button type="button" onClick={showOnStage}>
            Show on the stage
          </button>
        )}
      </div>
      <p role="status" class={phase.value === 'failed' ? 'problem' : 'note'}>
        {inWords[phase.value]} {failure.value}
        {isOnStage.value && ' The arena plays what was learned so far.'}
      </p>
      {whyNotOnStage.value && <p class="note">{whyNotOnStage.value}</p>}
      <Numbers />
      {started.value?.warnings.map((warning) => (
        <p key={warning} class="note">
          {warning}
        </p>
      ))}
    </>
  );
}

function Numbers() {
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
