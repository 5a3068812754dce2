/** Numbers and states as people read them. */
import type { RunState } from 'paragrad/messages';

const TITLES: Readonly<Record<string, string>> = {
  return: 'Return of each agent',
  criticLoss: 'Critic loss',
  criticGradNorm: 'Gradient norm of the critic',
  actorLoss: 'Actor loss',
  q: "Q-value of the actor's actions",
  actorGradNorm: 'Gradient norm of the actor',
  criticClip: 'Clip ratio of the critic',
  actorClip: 'Clip ratio of the actor',
  strength: 'Strength of exploration',
};

/** The title of a metric's chart. A metric that is not known here gets its own name: policyEntropy -> Policy entropy. */
export function titleOfMetric(metric: string): string {
  const words = metric.replace(/([a-z0-9])([A-Z])/g, (_, a, b) => `${a} ${b.toLowerCase()}`);
  return TITLES[metric] ?? words[0].toUpperCase() + words.slice(1);
}

export function formatCount(count: number): string {
  return count.toLocaleString('en-US');
}

/** With about four digits, which is what a glance can read. */
export function formatNumber(value: number | null | undefined): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (value === 0) return '0';
  if (size >= 1e5 || size < 1e-3) return value.toExponential(1).replace('e+', 'e');
  return value.toFixed(size >= 1000 ? 0 : size >= 100 ? 1 : size >= 1 ? 2 : 3).replace('-', '−');
}

export function formatDuration(seconds: number): string {
  if (seconds < 60) return `${Math.ceil(seconds)} s`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

/** Such as "Running. 3 min left". */
export function describeState(state: RunState | undefined): string {
  if (!state) return 'Waiting for its first files';
  const { episodes, ofEpisodes, why, secondsLeft } = state;
  switch (state.state) {
    case 'running':
      if (episodes >= ofEpisodes) return 'All episodes trained; evaluating';
      return secondsLeft === undefined ? 'Running' : `Running, ${formatDuration(secondsLeft)} left`;
    case 'finished':
      return 'Finished';
    case 'stopped':
      return `Stopped by ${why}. Go on with paragrad resume`;
    case 'failed':
      return `Failed: ${why}`;
    case 'killed':
      return 'Its process ended without a word. Go on with paragrad resume';
    case 'unreadable':
      return `Cannot be shown: ${why}`;
  }
}
