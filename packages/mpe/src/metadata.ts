import { DT, type Physics } from './physics.js';
import type { ScenarioDefinition } from './scenario.js';

/** PettingZoo's `metadata`, in camelCase: facts about an environment that never change. */
export interface EnvMetadata {
  /**
   * The scenario and the version of its rules, such as `'simple_spread_v3'`: the name that the reference has for it.
   * There is no version if the scenario has none, and with `physics: 'openai'`, because the original has no versions.
   */
  readonly name: string;
  /**
   * `render()` returns RGBA pixels. PettingZoo's `'rgb_array'` has no alpha channel; its `'human'`, a window, does not
   * exist here.
   */
  readonly renderModes: readonly ['rgba_array'];
  /** Frames per second at which a recording plays in real time. */
  readonly renderFps: number;
  /** True: all agents act at once. PettingZoo asks this of environments whose agents take turns. */
  readonly isParallelizable: true;
}

export function metadataOf(
  { name, version }: Pick<ScenarioDefinition, 'name' | 'version'>,
  physics: Physics,
): EnvMetadata {
  return {
    name: physics === 'farama' && version !== undefined ? `${name}_v${version}` : name,
    renderModes: ['rgba_array'],
    renderFps: Math.round(1 / DT),
    isParallelizable: true,
  };
}
