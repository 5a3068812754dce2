/** Parts of the tour's text: numbers that are computed now, and buttons that set the page up. */
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import type { Address } from '../address.js';
import type { Session } from '../model/session.js';
import { number } from '../numbers.js';
import { agent, change, moment, session } from '../state.js';

/** A number of this moment, for the agent that the reader follows. */
export function Now({ of }: { of: (session: Session, i: number) => number | string }) {
  const current = session.value;
  if (!current || !moment.value) return <span class="number">…</span>;
  const value = of(current, Math.min(agent.value, current.agents.length - 1));
  return <span class="number">{typeof value === 'number' ? number(value) : value}</span>;
}

/** A button in the text that changes what the page shows. */
export function Show({ page, children }: { page: Partial<Address>; children: ComponentChildren }) {
  return (
    <button type="button" class="in-text" onClick={() => change(page)}>
      {children}
    </button>
  );
}

/** Numbers that take a second: computed when the reader asks for them. */
export function OnDemand<T>(props: {
  ask: string;
  compute: (session: Session) => T;
  children: (result: T) => ComponentChildren;
}) {
  const result: Signal<{ for: Session; value: T } | null> = useSignal(null);
  const busy = useSignal(false);
  const current = session.value;
  if (!current) return null;
  if (result.value?.for === current) return <p role="status">{props.children(result.value.value)}</p>;
  return (
    <p>
      <button
        type="button"
        disabled={busy.value}
        onClick={() => {
          busy.value = true;
          // The button is drawn first.
          setTimeout(() => {
            result.value = { for: current, value: props.compute(current) };
            busy.value = false;
          }, 30);
        }}
      >
        {busy.value ? 'Playing …' : props.ask}
      </button>
    </p>
  );
}
