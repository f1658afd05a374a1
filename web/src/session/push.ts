import { api } from '../api/client';
import { recall, remember } from './memory';

const LINK = 'lokum.push';
/** Milliseconds; a slow network keeps nobody signed in. */
const PATIENCE = 2000;

/** Keeps by which link the server writes to this browser; null: by none. */
export const keepPushLink = (link_id: string | null): void => remember(LINK, link_id);

/**
 * Ends the messages that this browser shows to whoever sits at it: at the server, and in the browser itself, so that one succeeding is
 * enough. To be called while the session lasts; never fails, and takes two seconds at most.
 */
export async function endPush(): Promise<void> {
  const late = new AbortController();
  const timer = setTimeout(() => late.abort(), PATIENCE);
  const given_up = new Promise((done) => late.signal.addEventListener('abort', done));
  await Promise.race([Promise.allSettled([unlink(late.signal), unsubscribe()]), given_up]);
  clearTimeout(timer);
  keepPushLink(null);
}

async function unlink(signal: AbortSignal): Promise<void> {
  const link_id = recall(LINK);
  if (!link_id) return;
  await api.DELETE('/notifications/channels/{channel}', {
    params: { path: { channel: 'push' }, query: { link_id } },
    signal,
  });
}

async function unsubscribe(): Promise<void> {
  const worker = await navigator.serviceWorker?.getRegistration();
  await (await worker?.pushManager?.getSubscription())?.unsubscribe();
}
