/** The element of the page with this id. */
export const element = <T extends HTMLElement>(id: string) => document.getElementById(id) as T;

/** Makes an element with text. */
export function make<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  className = '',
  text = '',
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name);
  if (className) made.className = className;
  made.textContent = text;
  return made;
}

/** A button that is pressed or not. `mark`: what shows which lines it is for. */
export function makeSwitch(
  label: string,
  mark: Element,
  onChange: (isOn: boolean) => void,
): HTMLButtonElement {
  const button = make('button', 'switch');
  button.type = 'button';
  button.setAttribute('aria-pressed', 'true');
  button.append(mark, label);
  button.addEventListener('click', () => {
    const isOn = button.getAttribute('aria-pressed') !== 'true';
    button.setAttribute('aria-pressed', String(isOn));
    onChange(isOn);
  });
  return button;
}

/** A disc of a color. */
export function makeDot(color: string): HTMLElement {
  const dot = make('span', 'dot');
  dot.style.setProperty('--color', color);
  return dot;
}
