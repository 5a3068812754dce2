/** All charts of the page, from the runs. */
import { Chart, type ChartOptions, type Line } from './chart.js';
import { type Curve, clipRatio, column, curveOf, evaluationsOf, qValue, type Reading } from './curves.js';
import { lookOf } from './look.js';
import { type Group, type Measures, measuresOf } from './runs.js';
import { titleOfMetric } from './words.js';

/** What the user chose to see. */
export interface Choice {
  readonly hiddenGroups: ReadonlySet<string>;
  readonly hiddenAgents: ReadonlySet<string>;
  readonly smoothing: number;
}

const Q: ChartOptions = { note: 'what the critic expects of them; the actor loss without its minus' };
const CLIP: ChartOptions = { note: 'what clipping left of the gradient: 1 is all of it', range: [0, 1.05] };
const RETURNS = 'of training episodes, with exploration';

export class Charts {
  readonly #returns = new Chart('Return', { height: 380 });
  readonly #others: HTMLElement;
  readonly #charts = new Map<string, Chart>();

  constructor(returns: HTMLElement, others: HTMLElement) {
    returns.append(this.#returns.element);
    this.#others = others;
  }

  draw(groups: readonly Group[], choice: Choice): void {
    this.drawReturns(groups, choice);
    this.drawOthers(groups, choice);
  }

  drawReturns(groups: readonly Group[], choice: Choice): void {
    const returns = groups.filter(isShown(choice)).flatMap((group) => returnLines(groups, group, choice));
    const parts = [
      RETURNS,
      returns.some(({ isPoints, curve }) => isPoints && curve.x.length > 0) && 'points: evaluations, without',
      returns.some(({ curve }) => curve.low) && 'bands: from the lowest seed to the highest',
    ];
    this.#returns.draw(returns, parts.filter(Boolean).join('; '));
  }

  drawOthers(groups: readonly Group[], choice: Choice): void {
    const metrics = new Set(groups.flatMap((group) => [...measuresOfGroup(group).byMetric.keys()]));
    for (const metric of metrics) {
      this.#chart(metric).draw(agentLines(groups, choice, (who) => column(`${metric}:${who}`)));
      if (metric === 'actorLoss') this.#chart('q', Q).draw(agentLines(groups, choice, qValue));
      const [, network] = /^(\w+)GradNorm$/.exec(metric) ?? [];
      if (!network) continue;
      const lines = agentLines(groups, choice, (who) => clipRatio(`${metric}:${who}`));
      this.#chart(`${network}Clip`, CLIP).draw(lines);
    }
    if (metrics.size === 0) return;
    const strength = groups.filter(isShown(choice)).map((group) => ({
      ...{ label: group.label, curve: curveOf(group.runs, column('strength'), 0) },
      ...lookOf(groups, group, '', []),
    }));
    this.#chart('strength').draw(strength);
  }

  #chart(metric: string, options: ChartOptions = {}): Chart {
    let chart = this.#charts.get(metric);
    if (!chart) {
      chart = new Chart(titleOfMetric(metric), options);
      this.#charts.set(metric, chart);
      this.#others.append(chart.element);
    }
    return chart;
  }
}

/** The group's curve for each team, or for all agents, and its evaluations. */
function returnLines(groups: readonly Group[], group: Group, { smoothing }: Choice): Line[] {
  const { teams } = measuresOfGroup(group);
  const isAlone = groups.length === 1;
  const hasFaint = isAlone && group.runs.length === 1 && smoothing > 0;
  return (teams.length > 0 ? teams : ['']).flatMap((team) => {
    const name = team ? `return:${team}` : 'meanReturn';
    const look = lookOf(groups, group, team, teams);
    const label = [isAlone ? '' : group.label, team].filter(Boolean).join(' · ');
    const lineOf = (curve: Curve): Line => ({ label: label || 'training', curve, ...look });
    return [
      ...(hasFaint ? [{ ...lineOf(curveOf(group.runs, column(name), 0)), isFaint: true }] : []),
      lineOf(curveOf(group.runs, column(name), smoothing)),
      {
        ...lineOf(evaluationsOf(group.runs, name)),
        ...{
          label: label ? `${label}, evaluated` : 'evaluated',
          isPoints: true,
          ...(!isAlone && { legend: '' }),
        },
      },
    ];
  });
}

/** A line for each shown agent of each shown group. */
function agentLines(groups: readonly Group[], choice: Choice, readingOf: (who: string) => Reading): Line[] {
  return groups.filter(isShown(choice)).flatMap((group) => {
    const { agents } = measuresOfGroup(group);
    return agents
      .filter((agent) => !choice.hiddenAgents.has(agent))
      .map((agent, k) => ({
        ...(groups.length > 1 && { legend: k === 0 ? group.label : '' }), // all of them would be too many
        label: groups.length > 1 ? `${group.label} · ${agent}` : agent,
        curve: curveOf(group.runs, readingOf(agent), choice.smoothing),
        ...lookOf(groups, group, agent, agents),
      }));
  });
}

export function measuresOfGroup({ runs }: Group): Measures {
  return measuresOf(runs.find(({ columns }) => columns.length > 0)?.columns ?? []);
}

const isShown =
  ({ hiddenGroups }: Choice) =>
  ({ key }: Group) =>
    !hiddenGroups.has(key);
