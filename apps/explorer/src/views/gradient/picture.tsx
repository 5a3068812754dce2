/** The graph as a picture in which every box and line can be looked at. */
import { type LayoutBox, type LayoutLine, layoutGraph } from '@paragrad/tensor/inspect';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import { address } from '../../state.js';
import { folded, keyOf, looked, pinned, toggle } from './flow.js';
import { edgeInWords, nodeInWords } from './words.js';

/** Narrower than this, values flow down. */
const NARROW = 640;
/** A picture that is wider than its place by less than this is made smaller. */
const SHRINKS = 1.3;

export function Picture() {
  const frame = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(1000);
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => setWidth(contentRect.width));
    observer.observe(frame.current!);
    return () => observer.disconnect();
  }, []);
  const graph = folded.value;
  const direction = width < NARROW ? 'down' : 'right';
  const layout = useMemo(() => graph && layoutGraph(graph, { direction }), [graph, direction]);
  const at = looked.value;
  const current = 'node' in at ? at.node : -1;

  // What was unfolded or followed may be outside of what can be seen.
  useEffect(() => {
    const box = layout?.boxes[current];
    if (!box || layout.width <= SHRINKS * width) return;
    const { scrollLeft } = frame.current!;
    if (box.x < scrollLeft || box.x + box.width > scrollLeft + width)
      frame.current!.scrollLeft = box.x + (box.width - width) / 2;
  }, [address.unfolded.value, pinned.value && current, width]);

  const onKeyDown = (event: KeyboardEvent) => {
    if (!layout || current < 0) return;
    const next = neighbor(layout.boxes, current, event.key);
    if (next === undefined) return;
    event.preventDefault();
    pinned.value = false;
    looked.value = { node: next };
    focusLooked();
  };
  return (
    <div class="graph" ref={frame}>
      {graph && layout && (
        // biome-ignore lint/a11y/useSemanticElements: SVG has no fieldset
        <svg
          width={layout.width < SHRINKS * width ? Math.min(layout.width, width) : layout.width}
          height={layout.width < SHRINKS * width ? undefined : layout.height}
          viewBox={`0 0 ${layout.width} ${layout.height}`}
          role="group"
          aria-label="The graph of the loss. Arrow keys go from box to box; Enter unfolds a network."
          onKeyDown={onKeyDown}
        >
          {layout.lines.map((line) => (
            <Line key={line.edge} line={line} />
          ))}
          {layout.boxes.map((box) => (
            <Box key={box.id} box={box} canBeReached={box.id === Math.max(current, 0)} />
          ))}
          {layout.lines.map(
            ({ edge, label }) =>
              label && (
                <text key={edge} class="norm" x={label.x} y={label.y + 4}>
                  {label.text}
                </text>
              ),
          )}
        </svg>
      )}
    </div>
  );
}

function Box({ box, canBeReached }: { box: LayoutBox; canBeReached: boolean }) {
  const { id, x, y, width, height } = box;
  const node = folded.value!.nodes[id];
  const at = looked.value;
  const isLooked = 'node' in at && at.node === id;
  const key = keyOf(id);
  const look = () => {
    if (!pinned.value) looked.value = { node: id };
  };
  // A finger looks first. Then a second touch unfolds.
  const wasLooked = useRef(false);
  const press = (unfolds: boolean) => {
    if (key !== undefined && unfolds) {
      toggle(key);
      return;
    }
    pinned.value = !(wasLooked.current && pinned.value);
    looked.value = { node: id };
  };
  return (
    // biome-ignore lint/a11y/useSemanticElements: SVG has no button
    <g
      class={`box ${node.kind} ${node.gradientNorm === null ? 'without' : 'reached'} ${isLooked ? 'looked' : ''}`}
      data-node={id}
      role="button"
      tabindex={canBeReached ? 0 : -1}
      aria-pressed={isLooked}
      onPointerEnter={({ pointerType }) => pointerType === 'mouse' && look()}
      onFocus={look}
      onPointerDown={() => {
        wasLooked.current = isLooked;
      }}
      onClick={() => press(wasLooked.current)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' && event.key !== ' ') return;
        event.preventDefault();
        wasLooked.current = true;
        press(true);
        focusLooked();
      }}
    >
      <title>{`${nodeInWords(node)}${key === undefined ? '' : '. Press to unfold'}`}</title>
      <rect {...{ x, y, width, height }} rx={node.kind === 'leaf' ? 12 : node.kind === 'group' ? 8 : 3} />
      {box.text.map((line) => (
        <text key={line.y} x={line.x} y={line.y}>
          {line.text}
        </text>
      ))}
    </g>
  );
}

function Line({ line: { edge, path, middle, strength } }: { line: LayoutLine }) {
  const graph = folded.value!;
  const { detached } = graph.edges[edge];
  const at = looked.value;
  const isLooked = 'edge' in at && at.edge === edge;
  const look = () => {
    looked.value = { edge };
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the list has the edges for who has no pointer
    <g
      class={`line ${detached ? 'detached' : strength === null ? 'plain' : 'gradient'} ${isLooked ? 'looked' : ''}`}
      data-from={graph.edges[edge].from}
      data-to={graph.edges[edge].to}
      data-norm={graph.edges[edge].gradientNorm ?? ''}
      onPointerEnter={({ pointerType }) => pointerType === 'mouse' && !pinned.value && look()}
      onClick={() => {
        pinned.value = false;
        look();
      }}
    >
      <title>{edgeInWords(graph, edge)}</title>
      <path class="touch" d={path} />
      <path
        d={path}
        style={
          strength === null ? {} : { strokeWidth: 1.5 + 5 * strength, strokeOpacity: 0.45 + 0.55 * strength }
        }
      />
      {detached && (
        <path
          class="cut"
          d="M-5 6L-1 -6M1 6L5 -6"
          transform={`translate(${middle.x} ${middle.y}) rotate(${middle.angle})`}
        />
      )}
    </g>
  );
}

/** The box that is looked at may be a new one. */
function focusLooked(): void {
  requestAnimationFrame(() => {
    const at = looked.peek();
    if ('node' in at) document.querySelector<SVGGElement>(`[data-node="${at.node}"]`)?.focus();
  });
}

/** The closest box in the direction of an arrow key. */
function neighbor(boxes: readonly LayoutBox[], from: number, key: string): number | undefined {
  const direction = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  if (!direction) return undefined;
  const middle = ({ x, y, width, height }: LayoutBox) => [x + width / 2, y + height / 2];
  const [x0, y0] = middle(boxes[from]);
  let best: number | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (const box of boxes) {
    const [x, y] = middle(box);
    const along = (x - x0) * direction[0] + (y - y0) * direction[1];
    const across = Math.abs((x - x0) * direction[1]) + Math.abs((y - y0) * direction[0]);
    const distance = along + 2 * across;
    if (along > 1 && distance < least) [best, least] = [box.id, distance];
  }
  return best;
}
