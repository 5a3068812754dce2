/**
 * A part of the explorer in a page of your own:
 *
 *     <script type="module" src="https://.../explorer/embed.js"></script>
 *     <paragrad-gradient-flow run="spread" agent="1" view="gradient"></paragrad-gradient-flow>
 *
 * Attributes are the fields of the explorer's address: what a link says after its #. `part` is `view` or `arena`.
 */
class GradientFlow extends HTMLElement {
  static observedAttributes = [
    'part',
    'run',
    'seed',
    'step',
    'places',
    'view',
    'agent',
    'batch',
    'overlay',
    'phase',
  ];

  connectedCallback() {
    this.#frame.title = 'The gradient through the critic';
    this.#frame.loading = 'lazy';
    this.#frame.style.cssText = 'width: 100%; height: 100%; border: 0';
    if (getComputedStyle(this).display === 'inline') this.style.display = 'block';
    if (this.clientHeight === 0) this.style.height = '36rem';
    this.replaceChildren(this.#frame);
    this.attributeChangedCallback();
  }

  attributeChangedCallback() {
    const given = this.getAttributeNames().filter((name) => GradientFlow.observedAttributes.includes(name));
    const fields = {
      part: 'view',
      ...Object.fromEntries(given.map((name) => [name, this.getAttribute(name)])),
    };
    this.#frame.src = `${new URL('.', import.meta.url)}index.html#${new URLSearchParams(fields)}`;
  }

  #frame = document.createElement('iframe');
}

customElements.define('paragrad-gradient-flow', GradientFlow);
