/** Which run, start and pause, the speed, and how far it is. */
import { type PresetName, presetNames } from '@paragrad/maddpg';
import { type ScenarioName, scenarioNames } from '@paragrad/mpe';
import { Pace, PauseButton } from '../../parts/training/pace.js';
import { inWords, Numbers } from '../../parts/training/progress.js';
import { choosePreset, source } from '../../train/choice.js';
import {
  hasLearned,
  isOnStage,
  mostThreads,
  showOnStage,
  start,
  threads,
  trained,
  training,
  usesGpu,
  whyNotOnStage,
} from '../../train/training.js';

const presets: Readonly<Record<PresetName, string>> = {
  defaults: 'default',
  lowe2017: 'Lowe et al. 2017',
  openai2018: 'openai/maddpg, 2018',
  tuned: 'tuned, learn fast',
};

export function Controls() {
  const { preset, config: from, about, files } = source.value;
  const phase = training.phase.value;
  const isRunning = phase === 'training' || phase === 'paused' || phase === 'starting';
  const isFirst = phase === 'none';
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
        <Pace training={training} />
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
        <PauseButton training={training} />
        <button type="button" class={isRunning ? '' : 'main'} onClick={start}>
          {startWords}
        </button>
        {hasLearned.value && phase !== 'failed' && !isOnStage.value && !whyNotOnStage.value && (
          <button type="button" onClick={showOnStage}>
            Show on the stage
          </button>
        )}
      </div>
      <p role="status" class={phase === 'failed' ? 'problem' : 'note'}>
        {inWords[phase]} {training.failure.value}
        {isOnStage.value && ' The arena plays what was learned so far.'}
      </p>
      {whyNotOnStage.value && <p class="note">{whyNotOnStage.value}</p>}
      <Numbers training={training} />
      {training.started.value?.warnings.map((warning) => (
        <p key={warning} class="note">
          {warning}
        </p>
      ))}
    </>
  );
}
