/**
 * A part of the explorer in a page of your own:
 *
 *     <script type="module" src="https://.../explorer/embed.js"></script>
 *     <paragrad-gradient-flow run="spread" agent="1" view="gradient"></paragrad-gradient-flow>
 *
 * Attributes are the fields of the explorer's address: what a link says after its #. `part` is `view`, `arena`, or `stage`, the arena
 * without choices and numbers. What is inside the element, such as a picture, is shown until this script has come.
 */
class GradientFlow extends HTMLElement {
  static observedAttributes = [
    'part',
    'play',
    'run',
    'seed',
    'step',
    'places',
    'view',
    'agent',
    'batch',
    'overlay',
    'phase',
    'mistakes',
  ];

  connectedCallback() {
    this.#frame.title = 'The gradient through the critic';
    this.#frame.loading = 'lazy';
    this.#frame.style.cssText = 'width: 100%; height: 100%; border: 0';
    this.replaceChildren();
    if (getComputedStyle(this).display === 'inline') this.style.display = 'block';
    if (this.clientHeight === 0) {
      this.style.boxSizing = 'content-box'; // the height is that of the frame, without a border
      this.style.height = '36rem';
      this.#frame.onload = () => this.#fit();
    }
    this.attributeChangedCallback();
    this.replaceChildren(this.#frame);
  }

  attributeChangedCallback() {
    const given = this.getAttributeNames().filter((name) => GradientFlow.observedAttributes.includes(name));
    const fields = {
      part: 'view',
      ...Object.fromEntries(given.map((name) => [name, this.getAttribute(name)])),
    };
    this.#frame.src = `${new URL('.', import.meta.url)}index.html#${new URLSearchParams(fields)}`;
  }

  /** Makes it as high as its content. A frame from another server cannot be looked into, and stays as it is. */
  #fit() {
    const content = this.#frame.contentDocument?.getElementById('app');
    if (!content) return;
    const fit = () => {
      this.style.height = `${Math.ceil(content.getBoundingClientRect().height)}px`;
    };
    new ResizeObserver(fit).observe(content);
  }

  #frame = document.createElement('iframe');
}

customElements.define('paragrad-gradient-flow', GradientFlow);
