import { toJson } from '@paragrad/maddpg';
import type { Estimate } from '../comparing/statistics.js';
import { MEAN_RETURN, type Returns } from '../run/run-returns.js';

/** Such as "-22.94", or "adversaries 3.10, good -4.20". */
export function returnsInWords(returns: Returns): string {
  return Object.entries(returns)
    .map(([name, value]) => (name === MEAN_RETURN ? value.toFixed(2) : `${name} ${value.toFixed(2)}`))
    .join(', ');
}

/** Such as "return of adversaries". */
export function measureInWords(name: string): string {
  return name === MEAN_RETURN ? name : `return of ${name}`;
}

/** Such as "-22.94 [-24.10, -21.30]". Only the value if there is no interval. */
export function estimateInWords({ value, interval }: Estimate): string {
  return value.toFixed(2) + (interval ? ` [${interval.map((end) => end.toFixed(2)).join(', ')}]` : '');
}

/** "2026-11-29 04:05", in the time of this place. */
export function timeInWords(time: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  const date = [time.getFullYear(), two(time.getMonth() + 1), two(time.getDate())].join('-');
  return `${date} ${two(time.getHours())}:${two(time.getMinutes())}`;
}

/** 512 B, 12 kB, 3.4 MB. */
export function sizeInWords(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1e6) return `${(bytes / 1000).toFixed(bytes < 1e4 ? 1 : 0)} kB`;
  return `${(bytes / 1e6).toFixed(1)} MB`;
}

/** What `--json` prints: nothing else goes to stdout. */
export function printJson(command: string, data: unknown): void {
  console.log(toJson(command, data));
}
