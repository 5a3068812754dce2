/** What the view shows: signals. Computed anew when the moment changes, and while it plays no more often than it can be paid for. */
import { type FoldedGraph, fold } from '@paragrad/tensor/inspect';
import { batch, computed, type ReadonlySignal, type Signal, signal, useSignalEffect } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { Entry } from '../../model/formulas/call.js';
import { type FlowPart, foldFlow, type GradientFlow, gradientFlow } from '../../model/gradient-flow.js';
import { address, agent, moment, playing, problem, session } from '../../state.js';
import { broken, mistakesShown } from '../broken.js';

export const flow: Signal<GradientFlow | null> = signal(null);

/** The graph with the networks folded that the reader has not unfolded. */
export const folded: ReadonlySignal<FoldedGraph | null> = computed(() =>
  flow.value ? foldFlow(flow.value, address.unfolded.value) : null,
);

/** What the reader looks at: a node or an edge of the folded graph. */
export type Looked = { readonly node: number } | { readonly edge: number };
export const looked: Signal<Looked> = signal({ node: 0 });
/** Whether looking elsewhere waits for a click. */
export const pinned = signal(false);
/** The number that is explained. Its node is one of the graph that is not folded. */
export const entry: Signal<Entry | null> = signal(null);

/** The least time between two graphs while it plays, in milliseconds; and the share of the time that they may take. */
const PAUSE = 250;
const SHARE = 0.1;

const PROBLEM = 'The graph of this loss cannot be shown:';

/** Keeps `flow` up to date as long as the view is there. */
export function useFlow(): void {
  useEffect(() => () => clearTimeout(timer), []);
  useSignalEffect(() => {
    const current = session.value;
    const now = moment.value;
    const kind = address.batch.value;
    const i = agent.value;
    if (!current || !now) return;
    // A batch does not depend on the moment.
    const made = mistakesShown.value;
    const algorithm = (made.length > 0 && broken.value) || current.algorithm;
    const wanted = [current.run, i, kind, kind === 'moment' ? now : null, algorithm, made];
    if (wanted.every((one, k) => one === shown[k])) return;
    clearTimeout(timer);
    const pause = playing.peek() ? Math.max(PAUSE, cost / SHARE) : 0;
    timer = setTimeout(
      () => {
        const began = performance.now();
        try {
          show(gradientFlow(current, i, kind, algorithm, made));
          shown = wanted;
          if (problem.peek().startsWith(PROBLEM)) problem.value = '';
        } catch (error) {
          problem.value = `${PROBLEM} ${(error as Error).message}`;
        }
        ended = performance.now();
        cost = ended - began;
      },
      Math.max(0, ended + pause - performance.now()),
    );
  });
}

let timer: ReturnType<typeof setTimeout> | undefined;
let shown: readonly unknown[] = [];
let ended = Number.NEGATIVE_INFINITY;
let cost = 0;

function show(next: GradientFlow): void {
  const before = flow.peek()?.graph.nodes;
  const isSame =
    before?.length === next.graph.nodes.length &&
    before.every(({ name, op }, k) => name === next.graph.nodes[k].name && op === next.graph.nodes[k].op);
  batch(() => {
    flow.value = next;
    if (isSame) return;
    looked.value = { node: 0 };
    pinned.value = false;
    entry.value = null;
  });
}

/** Folds or unfolds a network, and looks at its output. */
export function toggle(key: string): void {
  const { value } = address.unfolded;
  const part = flow.value!.parts.find((one) => one.key === key)!;
  batch(() => {
    address.unfolded.value = value.includes(key) ? value.filter((one) => one !== key) : [...value, key];
    pinned.value = false;
    looked.value = { node: nodeWith(part.group.outputs[0]) };
  });
}

/** The node of the folded graph in which a node of the whole one is. */
function nodeWith(whole: number): number {
  return folded.value!.ids.findIndex((ids) => ids.includes(whole));
}

/** The unfolded network to which a single op belongs. */
export function unfoldedPartOf(node: number): FlowPart | undefined {
  const { nodes, ids } = folded.value!;
  if (nodes[node].group) return undefined;
  const [whole] = ids[node];
  const { graph, parts } = flow.value!;
  return parts.find(
    ({ key, group }) =>
      address.unfolded.value.includes(key) &&
      fold(graph, [group]).ids.some((some) => some.length > 1 && some.includes(whole)),
  );
}

/** The key of the network that a node of the folded graph is; undefined if it is a single op. */
export function keyOf(node: number): string | undefined {
  const { name, group } = folded.value!.nodes[node];
  return group && flow.value!.parts.find((part) => part.group.name === name)?.key;
}

/** The node of the whole graph that a node of the folded one is; of a network, its output. */
export function wholeNode(node: number): number {
  const { nodes, ids } = folded.value!;
  const part = flow.value!.parts.find(({ group }) => group.name === nodes[node].name);
  return nodes[node].group && part ? part.group.outputs[0] : ids[node][0];
}

/** Looks at a number, wherever it is: also in a network that is folded. */
export function goTo(next: Entry): void {
  batch(() => {
    const at = nodeWith(next.node);
    const key = keyOf(at);
    if (key !== undefined && wholeNode(at) !== next.node) toggle(key);
    entry.value = next;
    looked.value = { node: nodeWith(next.node) };
    pinned.value = true;
  });
}
