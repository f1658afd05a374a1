import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon';

/** So many stars, and the number in words. */
export function Stars({ count }: { count: number }) {
  return (
    <span class="stars">
      {Array.from({ length: count }, (_, index) => (
        <Icon key={index} name="star" />
      ))}
      <span>{m.ticket_stars({ count })}</span>
    </span>
  );
}
