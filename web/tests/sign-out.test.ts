import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const server = vi.hoisted(() => {
  const fetch = vi.fn<(request: Request) => Promise<Response>>();
  vi.stubGlobal('fetch', fetch);
  return fetch;
});

const { keepPushLink } = await import('../src/session/push');
const { session, signOut } = await import('../src/session/session');
const { me } = await import('./fixtures');

const unsubscribe = vi.fn(async () => true);
let subscription: { unsubscribe: typeof unsubscribe } | null;
let asked: string[];

const done = () => new Response(null, { status: 204 });

beforeEach(() => {
  vi.useFakeTimers();
  unsubscribe.mockReset().mockResolvedValue(true);
  subscription = { unsubscribe };
  const serviceWorker = {
    getRegistration: async () => ({ pushManager: { getSubscription: async () => subscription } }),
  };
  Object.defineProperty(navigator, 'serviceWorker', { configurable: true, value: serviceWorker });
  asked = [];
  server.mockImplementation(async ({ method, url }) => {
    const { pathname, search } = new URL(url);
    asked.push(`${method} ${pathname}${search}`);
    return done();
  });
  keepPushLink('p1');
  session.value = { state: 'in', me: me(['tenant']) };
});

afterEach(() => {
  Reflect.deleteProperty(navigator, 'serviceWorker');
  localStorage.clear();
  vi.useRealTimers();
});

const left = () => expect(session.value).toEqual({ state: 'out', left: true });

it('ends the messages of this browser while somebody is still signed in', async () => {
  await signOut();
  expect(asked).toEqual(['DELETE /api/notifications/channels/push?link_id=p1', 'POST /api/auth/sign-out']);
  expect(unsubscribe).toHaveBeenCalledOnce();
  expect(localStorage.getItem('lokum.push')).toBeNull();
  left();
});

it('asks for nothing where no messages were wanted, or the browser knows none', async () => {
  keepPushLink(null);
  subscription = null;
  await signOut();
  Reflect.deleteProperty(navigator, 'serviceWorker');
  await signOut();
  expect(asked).toEqual(['POST /api/auth/sign-out', 'POST /api/auth/sign-out']);
  left();
});

it('signs out although neither the server nor the browser does it', async () => {
  unsubscribe.mockRejectedValue(new Error('no'));
  server.mockImplementation(async ({ method }) => {
    if (method === 'POST') return done();
    return Response.json({ code: 'not_signed_in' }, { status: 401 });
  });
  await signOut();
  left();
});

it('waits two seconds at most, and takes back what it asked for', async () => {
  let given_up = false;
  server.mockImplementation(({ method, signal }) => {
    if (method === 'POST') return Promise.resolve(done());
    return new Promise((_, fail) => {
      signal.addEventListener('abort', () => {
        given_up = true;
        fail(signal.reason);
      });
    });
  });
  const leaving = signOut();
  await vi.advanceTimersByTimeAsync(1900);
  expect(session.value.state).toBe('in');
  await vi.advanceTimersByTimeAsync(200);
  await leaving;
  expect(given_up).toBe(true);
  left();
});
