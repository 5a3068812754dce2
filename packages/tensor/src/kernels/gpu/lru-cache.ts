/**
 * At most `limit` values, made on first use. When one too many is made, the one that has gone unused for longest is
 * handed to `evict`.
 */
export class LruCache<Key, Value> {
  /** From the least to the most recently used: a Map remembers the order of insertion. */
  readonly #entries = new Map<Key, Value>();
  readonly #limit: number;
  readonly #evict: (value: Value) => void;

  constructor(limit: number, evict: (value: Value) => void) {
    this.#limit = limit;
    this.#evict = evict;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: Key, make: () => Value): Value {
    const value = this.#entries.get(key) ?? make();
    this.#entries.delete(key);
    this.#entries.set(key, value);
    if (this.#entries.size > this.#limit) this.#evictOldest();
    return value;
  }

  #evictOldest(): void {
    const [[key, value]] = this.#entries;
    this.#entries.delete(key);
    this.#evict(value);
  }
}
