/** A source file with the lines that run. */
import { useEffect, useRef } from 'preact/hooks';
import type { Lines } from '../model/source-lines.js';

interface CodeProps {
  readonly file: string;
  readonly text: string;
  readonly running: readonly Lines[];
}

/** Lines that are shown above the first one that runs. */
const ABOVE = 2;

export function Code({ file, text, running }: CodeProps) {
  const box = useRef<HTMLElement>(null);
  const first = Math.min(...running.map((lines) => lines.first));
  useEffect(() => {
    const { children } = box.current!.querySelector('code')!;
    const line = children[Math.max(0, first - 1 - ABOVE)] as HTMLElement;
    box.current!.scrollTop = line.offsetTop;
  }, [file, first]);
  const runs = (k: number) => running.some((lines) => lines.first <= k && k <= lines.last);
  const inOrder = running.toSorted((a, b) => a.first - b.first);
  const words = inOrder.map((lines) =>
    lines.first === lines.last ? lines.first : `${lines.first} to ${lines.last}`,
  );
  return (
    <figure class="code">
      <figcaption>
        {file}, {inOrder.length > 1 || inOrder[0].first < inOrder[0].last ? 'lines' : 'line'}{' '}
        {words.join(', ')}
      </figcaption>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: so that the keyboard can scroll it */}
      <section ref={box} tabIndex={0} aria-label={`The code of ${file}`}>
        <pre>
          <code>
            {text.split('\n').map((line, k) => (
              <span key={k} class={classOf(line, runs(k + 1))} data-line={k + 1}>
                {line}
                {'\n'}
              </span>
            ))}
          </code>
        </pre>
      </section>
    </figure>
  );
}

function classOf(line: string, runs: boolean): string {
  const isComment = /^\s*(\/\/|\/?\*)/.test(line);
  return `${runs ? 'runs' : ''} ${isComment ? 'comment' : ''}`;
}
