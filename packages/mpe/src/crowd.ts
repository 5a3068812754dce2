import type { Agent, Entity } from './world.js';

/**
 * What many agents see of the same entities, as flat numbers: read once for all of them, because loops over numbers are
 * faster than loops over objects. A `moment` is a number that changes when the entities may have changed.
 */
export class Crowd<T extends Entity> {
  readonly #entities: readonly T[];
  readonly #places: Float64Array;
  #placesMoment = -1;
  #silent = true;
  #silentMoment = -1;

  constructor(entities: readonly T[]) {
    this.#entities = entities;
    this.#places = new Float64Array(2 * entities.length);
  }

  /** The positions, x and y of each entity. */
  places(moment: number): Float64Array {
    const places = this.#places;
    if (moment === this.#placesMoment) return places;
    this.#placesMoment = moment;
    for (let i = 0; i < this.#entities.length; i++) {
      const entity = this.#entities[i];
      places[2 * i] = entity.x;
      places[2 * i + 1] = entity.y;
    }
    return places;
  }

  /** Whether all utterances of a crowd of agents are zeros. */
  isSilent(this: Crowd<T & Agent>, moment: number): boolean {
    if (moment === this.#silentMoment) return this.#silent;
    this.#silentMoment = moment;
    this.#silent = this.#entities.every(({ utterance }) => utterance.every((value) => Object.is(value, 0)));
    return this.#silent;
  }
}
