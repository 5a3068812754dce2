/** Keeps the page's files for times without a network. With one, files come from there, so that nobody sees an old page. */
const KEPT = 'paragrad-explorer';

addEventListener('install', (event) => {
  const keep = async () => {
    const files = await (await fetch('files.json')).json();
    await (await caches.open(KEPT)).addAll(files);
    await skipWaiting();
  };
  event.waitUntil(keep());
});

addEventListener('activate', (event) => {
  event.waitUntil(clients.claim());
});

addEventListener('fetch', (event) => {
  const { request } = event;
  const isOurs = request.method === 'GET' && request.url.startsWith(registration.scope);
  if (isOurs)
    event.respondWith(fromNetwork(request).catch(() => caches.match(request, { ignoreSearch: true })));
});

async function fromNetwork(request) {
  const response = await fetch(request);
  if (response.ok) await (await caches.open(KEPT)).put(request, response.clone());
  return response;
}
