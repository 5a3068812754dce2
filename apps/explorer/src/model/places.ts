import type { Vector2, WorldState } from '@paragrad/mpe';

/** x and y of every agent, then of every landmark: short enough for a link. */
export function placesOf({ agents, landmarks }: WorldState): number[] {
  return [...agents, ...landmarks].flatMap(({ pos }) => [...pos]);
}

/** The same world with everything at these places. Other velocities are not in the link, so all are kept. */
export function withPlaces(state: WorldState, places: readonly number[]): WorldState {
  const count = state.agents.length + state.landmarks.length;
  if (places.length !== 2 * count) return state;
  const at = (k: number): Vector2 => [places[2 * k], places[2 * k + 1]];
  return {
    ...state,
    agents: state.agents.map((agent, k) => ({ ...agent, pos: at(k) })),
    landmarks: state.landmarks.map((landmark, k) => ({ ...landmark, pos: at(state.agents.length + k) })),
  };
}

/** What can be moved: the k-th of all agents and landmarks. */
export interface Thing {
  readonly k: number;
  readonly name: string;
  readonly pos: Vector2;
  readonly size: number;
}

export function thingsOf({ agents, landmarks }: WorldState): Thing[] {
  return [...agents, ...landmarks].map(({ name, pos, size }, k) => ({ k, name, pos, size }));
}
