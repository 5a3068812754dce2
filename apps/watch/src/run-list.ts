/** The list of the runs, with their states, and the switches of groups and agents. */

import { sampleOf } from './chart.js';
import { measuresOfGroup } from './charts.js';
import { isDark } from './colors.js';
import { element, make, makeDot, makeSwitch } from './element.js';
import { groupColor, lookOf } from './look.js';
import { type Group, type Run, titleOf } from './runs.js';
import { describeState, formatCount } from './words.js';

/** Shows the groups. `onSwitch` gets a group's key when the user shows or hides it. */
export class RunList {
  readonly #list = element('runs');
  readonly #agents = element('agents');
  readonly #updates = new Map<number, (run: Run) => void>();
  #shape = '';

  draw(
    groups: readonly Group[],
    onGroup: (key: string, isOn: boolean) => void,
    onAgent: (name: string, isOn: boolean) => void,
  ): void {
    const shape = JSON.stringify([
      isDark(),
      groups.map((group) => [group.key, group.label, group.runs.length, measuresOfGroup(group).agents]),
    ]);
    if (shape !== this.#shape) {
      this.#shape = shape;
      this.#updates.clear();
      this.#list.replaceChildren(...groups.map((group, k) => this.#card(group, k, groups, onGroup)));
      this.#agents.replaceChildren(...agentSwitches(groups, onAgent));
    }
    for (const run of groups.flatMap(({ runs }) => runs)) this.#updates.get(run.index)?.(run);
  }

  #card(
    group: Group,
    index: number,
    groups: readonly Group[],
    onGroup: (key: string, isOn: boolean) => void,
  ): HTMLElement {
    const card = make('li', 'card');
    const title = make('h2');
    if (groups.length > 1) {
      title.append(makeSwitch(group.label, makeDot(groupColor(index)), (isOn) => onGroup(group.key, isOn)));
    } else title.textContent = titleOf(group.runs[0]);
    const lines = make('div', 'lines');
    lines.append(...group.runs.map((run) => this.#line(run)));
    card.append(title, lines);
    return card;
  }

  #line(run: Run): HTMLElement {
    const line = make('div', 'run');
    const name = make('span', 'name');
    const state = make('span', 'state');
    const bar = make('progress');
    const count = make('span', 'count');
    bar.setAttribute('aria-label', `Progress of ${run.name}`);
    line.append(name, state, bar, count);
    this.#updates.set(run.index, ({ name: text, config, state: now }) => {
      setText(name, config ? `${text}, seed ${config.seed}` : text);
      setText(state, describeState(now));
      line.dataset.state = now?.state ?? 'waiting';
      const { episodes = 0, ofEpisodes = 0 } = now ?? {};
      bar.max = Math.max(1, ofEpisodes);
      bar.value = episodes;
      setText(count, `${formatCount(episodes)} of ${formatCount(ofEpisodes)} episodes`);
    });
    return line;
  }
}

function agentSwitches(
  groups: readonly Group[],
  onAgent: (name: string, isOn: boolean) => void,
): HTMLElement[] {
  const agents = [...new Set(groups.flatMap((group) => measuresOfGroup(group).agents))];
  if (agents.length < 2) return [];
  return agents.map((agent) => {
    const group = groups.find((one) => measuresOfGroup(one).agents.includes(agent))!;
    const { color, dash } = lookOf(groups, group, agent, measuresOfGroup(group).agents);
    const mark = groups.length > 1 ? sampleOf({ color: 'currentColor', dash }) : makeDot(color);
    return makeSwitch(agent, mark, (isOn) => onAgent(agent, isOn));
  });
}

/** Screen readers hear a text that is set again. */
function setText(target: HTMLElement, text: string): void {
  if (target.textContent !== text) target.textContent = text;
}
