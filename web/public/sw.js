// Keeps the shell of the site for slow and lost connections. Never touches /api: data are always fresh or not there.
const SHELL = 'lokum-shell-1';
// The page names the entry of every language; who registers this worker says which one is read here.
const LOCALE = new URL(self.location).searchParams.get('locale');

async function shellFiles() {
  const page = await fetch('/', { cache: 'no-store' });
  if (!page.ok) throw new Error('no shell');
  const html = await page.clone().text();
  const cache = await caches.open(SHELL);
  await cache.put('/', page);
  const own = html.matchAll(/(?:src|href)="(\/assets\/[^"]+)"/g);
  const entry = html.matchAll(new RegExp(`name="site-${LOCALE}" content="([^"]+)"`, 'g'));
  await cache.addAll([...own, ...entry].map((match) => match[1]));
}

self.addEventListener('install', (event) => {
  event.waitUntil(shellFiles().then(() => self.skipWaiting()));
});

self.addEventListener('activate', (event) => {
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => name !== SHELL).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// Names of assets carry the hash of their content: what is kept under a name never changes.
async function asset(request) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match(request);
  if (kept) return kept;
  const fresh = await fetch(request);
  if (fresh.ok) await cache.put(request, fresh.clone());
  return fresh;
}

// A page that differs from the kept one is a new version: what was kept for the old one goes.
async function keepPage(fresh) {
  const cache = await caches.open(SHELL);
  const kept = await cache.match('/');
  if (kept && (await kept.text()) === (await fresh.clone().text())) return;
  await Promise.all((await cache.keys()).map((request) => cache.delete(request)));
  await cache.put('/', fresh);
}

async function page(request) {
  try {
    const fresh = await fetch(request);
    if (fresh.ok && fresh.headers.get('content-type')?.includes('text/html')) await keepPage(fresh.clone());
    return fresh;
  } catch (error) {
    const kept = await caches.match('/');
    if (kept) return kept;
    throw error;
  }
}

self.addEventListener('fetch', (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== 'GET' || url.origin !== self.location.origin || url.pathname.startsWith('/api/')) return;
  if (url.pathname.startsWith('/assets/')) event.respondWith(asset(request));
  else if (request.mode === 'navigate') event.respondWith(page(request));
});

// What the organisation tells the reader: `{id, title, body, url, urgent}`. The same notice again takes the place of the first.
self.addEventListener('push', (event) => {
  const { id, title, body, url, urgent } = event.data.json();
  const shown = { body, tag: id, icon: '/icon-192.png', data: { url }, requireInteraction: urgent === true };
  event.waitUntil(self.registration.showNotification(title, shown));
});

// Leads to a page of this site and nowhere else: in the window that is open, or in a new one.
self.addEventListener('notificationclick', (event) => {
  event.notification.close();
  const url = new URL(event.notification.data.url, self.location.origin);
  const there = url.origin === self.location.origin ? url.href : self.location.origin;
  event.waitUntil(
    self.clients.matchAll({ type: 'window' }).then(async ([open]) => {
      if (!open) return self.clients.openWindow(there);
      await open.focus();
      return open.navigate(there);
    }),
  );
});
