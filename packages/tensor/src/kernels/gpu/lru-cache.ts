/**
 * Keeps at most `limit` values, each created on first use. When there is one too many, the value that has been unused
 * for the longest time is removed and passed to `evict`.
 */
export class LruCache<Key, Value> {
  /** Ordered from the least to the most recently used. (A Map keeps the order of insertion.) */
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
