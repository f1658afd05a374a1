import { m } from '../paraglide/messages.js';

/** Why an address is used no more, by the code that its channel gave. */
const REASONS: readonly [codes: RegExp, words: () => string][] = [
  [/^(|unlinked|stop|kicked|403|6|DESTINATION_PHONE_NUMBER_OPTED_OUT)$/, m.notify_off_unlinked],
  [/^bounce_permanent_(suppressed|onaccountsuppressionlist)$/, m.notify_off_stopped],
  [/^bounce_/, m.notify_off_bounced],
  [/^complaint$/, m.notify_off_complaint],
  [/^http_(404|410)$/, m.notify_off_browser],
  [/^(bad_address|text_invalid|400|5|131026)$/, m.notify_off_invalid],
];

/** A sentence; of a code that is not known, the code itself. */
export function offReason(code: string): string {
  const known = REASONS.find(([codes]) => codes.test(code));
  return known ? known[1]() : m.notify_off_why({ code });
}
