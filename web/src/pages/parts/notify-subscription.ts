import type { LinkRequest } from '../../api/types';

type Subscription = NonNullable<LinkRequest['subscription']>;

/** Whether this browser can show what comes while the site is closed. */
export const canPush = (): boolean =>
  'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;

export const isRefused = (): boolean => canPush() && Notification.permission === 'denied';

/** The browser's address for our messages; asks the reader for permission, so it follows his press. Null: he does not allow it. */
export async function subscribe(publicKey: string): Promise<Subscription | null> {
  if ((await Notification.requestPermission()) !== 'granted') return null;
  const { pushManager } = await navigator.serviceWorker.ready;
  const wanted = { userVisibleOnly: true, applicationServerKey: publicKey };
  const made = await pushManager.subscribe(wanted).catch(async () => {
    // One that was made for another key stands in the way.
    await (await pushManager.getSubscription())?.unsubscribe();
    return pushManager.subscribe(wanted);
  });
  const { endpoint = '', keys: { p256dh = '', auth = '' } = {} } = made.toJSON();
  return { endpoint, keys: { p256dh, auth } };
}
