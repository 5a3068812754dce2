/** The tour: a text in chapters. Each sets the page up for what it talks about, and computes the numbers that it names. */
import { useEffect, useRef } from 'preact/hooks';
import { restore } from '../load.js';
import { setPlaying } from '../stage/playback.js';
import { address, change, initialAddress, session } from '../state.js';
import { chapters } from './chapters.js';

/** Shows a chapter, with the page as it wants it. */
export function openChapter(number: number): void {
  const chapter = chapters[number - 1];
  setPlaying(false);
  const { preset, scenario, settings, ...shown } = initialAddress; // what the reader wants to train stays
  change({ ...shown, ...chapter.page, chapter: number });
  restore();
}

export function Tour() {
  const number = Math.min(address.chapter.value, chapters.length);
  const { title, Text, needs = 1 } = chapters[number - 1];
  const shown = useRef(number);
  useEffect(() => {
    if (shown.current === number) return; // the page has just come
    shown.current = number;
    const heading = document.getElementById('chapter')!;
    heading.focus({ preventScroll: true });
    if (matchMedia('(max-width: 59.99rem)').matches) heading.scrollIntoView({ block: 'start' });
    else scrollTo({ top: 0 }); // where the arena is
  }, [number]);
  return (
    <article class="tour" aria-label="Tour">
      <nav aria-label="Chapters">
        {chapters.map(({ title }, k) => (
          <button
            key={title}
            type="button"
            title={title}
            aria-label={`Chapter ${k + 1}: ${title}`}
            aria-current={k + 1 === number ? 'step' : undefined}
            onClick={() => openChapter(k + 1)}
          >
            {k + 1}
          </button>
        ))}
      </nav>
      <h2 id="chapter" tabIndex={-1}>
        {title}
      </h2>
      {(session.value?.agents.length ?? needs) < needs ? (
        <p>This chapter is about several agents. Choose a policy that has some.</p>
      ) : (
        <Text />
      )}
      <p class="turn">
        {number > 1 && (
          <button type="button" onClick={() => openChapter(number - 1)}>
            Back
          </button>
        )}
        {number < chapters.length && (
          <button type="button" class="main" onClick={() => openChapter(number + 1)}>
            Next: {chapters[number].title}
          </button>
        )}
      </p>
    </article>
  );
}
