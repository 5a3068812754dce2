/** The arena: what is there, what everybody does, and what the followed agent's critic says. Things can be moved. */
import { fitHalfWidth, type Scene, type Vector2 } from '@paragrad/mpe';
import { computed, useSignalEffect } from '@preact/signals';
import { useEffect, useRef, useState } from 'preact/hooks';
import { placesOf, withPlaces } from '../model/places.js';
import type { Advice, Moment, Session } from '../model/session.js';
import { act, address, agent, arrows, moment, playing, session } from '../state.js';
import { floorOf, paint, withoutFloor } from './arena.js';
import { FORCE, forceArrow, pushArrow } from './arrow-lengths.js';
import { Arrows } from './arrows.js';
import { Handles } from './handles.js';
import { heatImage } from './heat.js';
import { CELLS, field, heat } from './overlay.js';
import { fraction, STEP_SECONDS, setPlaying, wantsLessMotion } from './playback.js';
import { toPixels, type ViewBox } from './view-box.js';

/** The side of the square in which the values of an agent's actions are drawn around it. */
const LENS = 2 * FORCE;
const HALF_WIDTH = 1.2;
const FARTHEST = 3;
/** The RGB of --gradient. */
const HEAT_COLOR = [196, 54, 130] as const;

/** What every agent's critic says now. */
export const advices = computed((): readonly Advice[] => {
  const current = session.value;
  return moment.value && current ? current.agents.map((_, i) => current.advice(i)) : [];
});

const forces = computed(() => advices.value.map(({ force }) => forceArrow(force)));
/** dQ/da is the slope at the action, so these arrows begin where those of the actions end. */
const pushes = computed((): readonly Vector2[] =>
  advices.value.map(({ push }) => pushArrow(push, session.value!.usualGradient)),
);

export function Stage() {
  const current = session.value;
  const now = moment.value;
  if (!current || !now) return <div class="arena" aria-busy="true" />;
  return <Arena current={current} now={now} />;
}

function Arena({ current, now }: { current: Session; now: Moment }) {
  const floor = useRef<HTMLCanvasElement>(null);
  const things = useRef<HTMLCanvasElement>(null);
  const [size, setSize] = useState(0);
  useEffect(() => {
    const observer = new ResizeObserver(([{ contentRect }]) => setSize(Math.round(contentRect.width)));
    observer.observe(things.current!);
    return () => observer.disconnect();
  }, []);

  const { state } = now;
  const scene = current.sceneAt(0);
  const halfWidth = Math.min(FARTHEST, fitHalfWidth([scene], HALF_WIDTH));
  const box: ViewBox = { halfWidth, size: 1000 };

  useSignalEffect(() => {
    const time = playing.value && !wantsLessMotion() ? fraction.value * STEP_SECONDS : 0;
    const canvas = things.current;
    if (moment.value && canvas?.width) paint(canvas, withoutFloor({ ...current.sceneAt(time), halfWidth }));
  });
  useEffect(() => {
    if (things.current?.width) paint(things.current, withoutFloor({ ...scene, halfWidth }));
    if (floor.current?.width) drawFloor(floor.current, { ...scene, halfWidth }, now);
  }, [size, now, heat.value, agent.value]);

  const move = (k: number, to: Vector2) => {
    setPlaying(false);
    const places = placesOf(state);
    places.splice(2 * k, 2, ...to.map((p) => Math.min(FARTHEST, Math.max(-FARTHEST, p))));
    act((session) => session.edit(withPlaces(session.moment.state, places)));
    address.places.value = places;
  };
  const pixels = Math.min(1600, Math.round(size * (globalThis.devicePixelRatio || 1)));
  return (
    <div class="arena">
      <canvas ref={floor} width={pixels} height={pixels} />
      <canvas ref={things} width={pixels} height={pixels} role="img" aria-label={inWords(current, now)} />
      <svg viewBox={`0 0 ${box.size} ${box.size}`} aria-hidden="true">
        {address.overlay.value === 'arrows' && <Field box={box} />}
        <Arrows
          {...{ name: 'force', color: 'var(--ink)', state, box, followed: agent.value }}
          vectors={forces.value}
        />
        <Arrows
          {...{ name: 'push', color: 'var(--gradient)', state, box, followed: agent.value }}
          vectors={pushes.value}
          from={forces.value}
        />
        {arrows.value.map((set) => (
          <Arrows key={set.name} {...set} {...{ state, box }} />
        ))}
      </svg>
      <Handles
        {...{ state, box, move, followed: agent.value }}
        follow={(i) => {
          address.agent.value = i;
        }}
      />
    </div>
  );
}

/** The gradient over all places: short lines, each with a dot where it begins. */
function Field({ box }: { box: ViewBox }) {
  return (
    <g class="field">
      {field.value.map(({ at, push: [x, y] }) => {
        const [x0, y0] = toPixels(at, box);
        const [x1, y1] = toPixels([at[0] + 0.15 * x, at[1] + 0.15 * y], box);
        return (
          <g key={`${at}`}>
            <circle cx={x0} cy={y0} r="5" />
            <path d={`M${x0} ${y0}L${x1.toFixed(1)} ${y1.toFixed(1)}`} />
          </g>
        );
      })}
    </g>
  );
}

function drawFloor(canvas: HTMLCanvasElement, scene: Scene, { state }: Moment): void {
  const context = paint(canvas, floorOf(scene));
  const shown = heat.value;
  if (!shown) return;
  const scale = canvas.width / (2 * scene.halfWidth);
  const [x, y] = shown.kind === 'places' ? [0, 0] : state.agents[agent.value].pos;
  // The centers of the outermost cells are full forces.
  const side = shown.kind === 'places' ? 2 : (LENS * CELLS) / (CELLS - 1);
  const image = heatImage(shown.values, HEAT_COLOR);
  const cells = new OffscreenCanvas(image.width, image.height);
  cells.getContext('2d')!.putImageData(image, 0, 0);
  context.imageSmoothingEnabled = true;
  context.drawImage(
    cells,
    (x - side / 2 + scene.halfWidth) * scale,
    (scene.halfWidth - y - side / 2) * scale,
    side * scale,
    side * scale,
  );
}

/** The arena in words, for who does not see it. */
function inWords({ run, steps, length }: Session, { state }: Moment): string {
  const at = ({ name, pos }: { name: string; pos: Vector2 }) =>
    `${name.replace('_', ' ')} at ${pos.map((p) => p.toFixed(1)).join(', ')}`;
  return `${run.config.scenario}, step ${steps} of ${length}: ${[...state.agents, ...state.landmarks].map(at).join('; ')}.`;
}
