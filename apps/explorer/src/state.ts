/** The state of the page: signals. Those in `address` are in the address, too. */
import type { Vector2 } from '@paragrad/mpe';
import { batch, computed, effect, type Signal, signal } from '@preact/signals';
import { type Address, formatAddress, parseAddress } from './address.js';
import type { Moment, Session } from './model/session.js';

type Signals = { readonly [Name in keyof Address]: Signal<Address[Name]> };

/** What a link shows again. */
export const address = Object.fromEntries(
  Object.entries(parseAddress(globalThis.location?.hash ?? '')).map(([name, value]) => [name, signal(value)]),
) as unknown as Signals;

/** The policy that plays; null while it loads. */
export const session: Signal<Session | null> = signal(null);
/** Where it is now. A new value whenever it steps, or something is moved. */
export const moment: Signal<Moment | null> = signal(null);
/** What went wrong, for the reader. */
export const problem = signal('');
export const playing = signal(false);
/** The agent whose gradient is followed. */
export const agent = computed(() => Math.min(address.agent.value, (session.value?.agents.length ?? 1) - 1));

/** More arrows on the agents than those of their actions and gradients. Views set them. */
export interface ArrowSet {
  readonly name: string;
  readonly color: string;
  /** For each agent, to the right and up; null: none. */
  readonly vectors: readonly (Vector2 | null)[];
  /** Where each begins, seen from its agent. By default at the agent. */
  readonly from?: readonly Vector2[];
}
export const arrows: Signal<readonly ArrowSet[]> = signal([]);

/** Does something with the session, and shows where it is then. */
export function act(change: (session: Session) => void): void {
  const current = session.peek();
  if (!current) return;
  change(current);
  batch(() => {
    moment.value = current.moment;
    address.seed.value = current.seed;
    address.step.value = current.steps;
  });
}

/** Keeps the address and the state equal from now on. `restore` is called when the reader follows a link on the page. */
export function followAddress(restore: () => void): void {
  effect(() => {
    const values = Object.fromEntries(Object.entries(address).map(([name, { value }]) => [name, value]));
    const link = formatAddress(values as Address);
    if (link !== location.hash && !playing.value) {
      history.replaceState(null, '', link || location.pathname + location.search);
    }
  });
  addEventListener('hashchange', () => {
    change(parseAddress(location.hash));
    restore();
  });
}

/** Changes fields together. All others stay. */
export function change(given: Partial<Address>): void {
  batch(() => {
    for (const name of Object.keys(given) as (keyof Address)[]) {
      (address[name] as Signal<unknown>).value = given[name];
    }
  });
}

/** Every field as it is when the address says nothing. */
export const initialAddress = parseAddress('');
