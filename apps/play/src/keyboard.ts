import type { Vector2 } from '@paragrad/mpe';

const DIRECTIONS: Record<string, readonly [number, number]> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowDown: [0, -1],
  ArrowUp: [0, 1],
  KeyA: [-1, 0],
  KeyD: [1, 0],
  KeyS: [0, -1],
  KeyW: [0, 1],
};

/** Turns keys into a choice. An arrow key pushes while it is down. A digit says a word until it is pressed again. */
export class Keyboard {
  readonly #down = new Set<string>();
  #word: number | undefined;

  constructor(page: Window) {
    page.addEventListener('keydown', (event) => {
      if ((event.target as Element).matches?.('select, input')) return; // arrow keys change the selection there
      if (event.code in DIRECTIONS) {
        this.#down.add(event.code);
        event.preventDefault(); // otherwise the page scrolls
      }
      const digit = /^(?:Digit|Numpad)(\d)$/.exec(event.code)?.[1];
      if (digit !== undefined && !event.repeat) {
        const word = (Number(digit) + 9) % 10; // 1 is the first word, 0 the tenth
        this.#word = word === this.#word ? undefined : word;
      }
    });
    page.addEventListener('keyup', ({ code }) => this.#down.delete(code));
    page.addEventListener('blur', () => this.#down.clear()); // outside the page, keyup events are lost
  }

  choice(): { force: Vector2; word: number | undefined } {
    let [x, y] = [0, 0];
    for (const code of this.#down) {
      x += DIRECTIONS[code][0];
      y += DIRECTIONS[code][1];
    }
    return { force: [Math.sign(x), Math.sign(y)], word: this.#word };
  }

  /** Stops saying the word. */
  clearWord(): void {
    this.#word = undefined;
  }
}
