/** After the first visit, the page works without a network: public/offline.js keeps its files. */
export function workOffline(): void {
  if (!('serviceWorker' in navigator) || !isSecureContext) return;
  // When the page has come, so that it comes sooner.
  addEventListener('load', () => {
    navigator.serviceWorker.register('offline.js').catch(() => {}); // some browsers forbid it; the page works without
  });
}
