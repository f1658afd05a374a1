import { m } from '../paraglide/messages.js';

/** The ways to a person outside the portal. */
export const NOTICE_CHANNELS: Record<string, () => string> = {
  email: m.notify_email,
  push: m.notify_push,
  telegram: m.notify_telegram,
  viber: m.notify_viber,
  whatsapp: m.notify_whatsapp,
  sms: m.notify_sms,
};

export const channelName = (channel: string): string => NOTICE_CHANNELS[channel]?.() ?? channel;
