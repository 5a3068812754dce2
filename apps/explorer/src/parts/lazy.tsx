import { signal } from '@preact/signals';
import type { ComponentType } from 'preact';

/** A component whose code comes when it is first shown. */
export function lazy(load: () => Promise<ComponentType>): ComponentType {
  const loaded = signal<ComponentType | null>(null);
  const failure = signal('');
  let asked = false;
  return function Lazy() {
    if (!asked) {
      asked = true;
      load().then(
        (component) => {
          loaded.value = component;
        },
        (error) => {
          asked = false;
          failure.value = `This part could not be loaded: ${error.message}`;
        },
      );
    }
    const Component = loaded.value;
    return Component ? <Component /> : <p aria-busy={failure.value === ''}>{failure.value || 'Loading …'}</p>;
  };
}
