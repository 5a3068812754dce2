import type { ComponentChildren } from 'preact';
import { formatAddress, parseAddress } from './address.js';
import { Choices } from './stage/choices.js';
import { Readings } from './stage/readings.js';
import { Stage } from './stage/stage.js';
import { Transport } from './stage/transport.js';
import { address, change, initialAddress, problem } from './state.js';
import { chapters } from './tour/chapters.js';
import { Tour } from './tour/tour.js';
import { views } from './views/index.js';

export function App() {
  const part = address.part.value;
  if (part !== 'page') {
    return <Part>{part === 'view' ? <Chosen /> : <Arena alone={part === 'stage'} />}</Part>;
  }
  return (
    <>
      <header>
        <h1>
          Paragrad <span>the gradient through the critic</span>
        </h1>
        <button
          type="button"
          class="quiet"
          aria-pressed={address.chapter.value > 0}
          onClick={() => change({ chapter: address.chapter.value > 0 ? 0 : 1 })}
        >
          {address.chapter.value > 0 ? 'Close the tour' : 'Take the tour'}
        </button>
      </header>
      <Problem />
      <main class={address.chapter.value > 0 ? `with-tour ${isAboutView() ? 'about-view' : ''}` : ''}>
        {address.chapter.value > 0 && <Tour />}
        <Arena />
        <Views />
      </main>
    </>
  );
}

/** Whether the chapter sends the reader to a view, or the reader has chosen one. */
function isAboutView(): boolean {
  const { page } = chapters[Math.min(address.chapter.value, chapters.length) - 1];
  return page.view !== undefined || address.view.value !== initialAddress.view;
}

/** A part of the page, in somebody's own page: public/embed.js. */
function Part({ children }: { children: ComponentChildren }) {
  const whole = formatAddress({ ...parseAddress(location.hash), part: 'page' });
  return (
    <main class="part">
      <Problem />
      {children}
      <a href={`./${whole}`} target="_top">
        Open in the explorer
      </a>
    </main>
  );
}

function Problem() {
  return problem.value ? (
    <p class="problem" role="alert">
      {problem.value}
    </p>
  ) : null;
}

/** The arena, with the choices and numbers below it, or alone. */
function Arena({ alone = false }) {
  return (
    <section class="stage" aria-label="The arena">
      <Stage />
      <Legend />
      <Transport />
      {!alone && <Choices />}
      {!alone && <Readings />}
    </section>
  );
}

function Legend() {
  return (
    <p class="legend">
      <span class="force">what its actor does</span>
      <span class="push">how its critic would change that, dQ/da</span>
    </p>
  );
}

const chosen = () => views.find(({ name }) => name === address.view.value) ?? views[0];

/** The view that the address names. */
function Chosen() {
  const { Component } = chosen();
  return <Component />;
}

function Views() {
  const current = chosen();
  const choose = (by: number) => {
    const next = views[(views.indexOf(current) + by + views.length) % views.length];
    change({ view: next.name });
    document.getElementById(`tab-${next.name}`)?.focus();
  };
  return (
    <section class="view" aria-label="Views">
      <div
        role="tablist"
        aria-label="Views"
        onKeyDown={({ key }) => {
          if (key === 'ArrowRight') choose(1);
          if (key === 'ArrowLeft') choose(-1);
        }}
      >
        {views.map(({ name, title }) => (
          <button
            key={name}
            type="button"
            role="tab"
            id={`tab-${name}`}
            aria-controls="view"
            aria-selected={name === current.name}
            tabIndex={name === current.name ? 0 : -1}
            onClick={() => change({ view: name })}
            ref={name === current.name ? bringIntoSight : null}
          >
            {title}
          </button>
        ))}
      </div>
      <div role="tabpanel" id="view" aria-labelledby={`tab-${current.name}`}>
        <current.Component />
      </div>
    </section>
  );
}

/** On a phone, the tabs are wider than the screen. Scrolls only them, and not the page. */
function bringIntoSight(tab: HTMLElement | null): void {
  const list = tab?.parentElement;
  if (tab && list)
    list.scrollLeft = tab.offsetLeft - list.offsetLeft - (list.clientWidth - tab.offsetWidth) / 2;
}
