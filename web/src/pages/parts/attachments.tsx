import { useState } from 'preact/hooks';
import type { Attachment } from '../../api/types';
import { m } from '../../paraglide/messages.js';
import { Dialog } from '../../ui/dialog';
import { Icon } from '../../ui/icon';

/** Pictures small, opened large on the spot; everything else as a link. */
export function Attachments({ items }: { items: readonly Attachment[] }) {
  const [open, setOpen] = useState<string | null>(null);
  const shown = items.find((item) => item.attachment_id === open);
  if (items.length === 0) return null;
  return (
    <>
      <ul class="attachments" aria-label={m.ticket_files()}>
        {items.map((item) => (
          <li key={item.attachment_id} data-testid="attachment">
            {item.thumbnail_url ? (
              <button type="button" class="thumbnail" onClick={() => setOpen(item.attachment_id)}>
                <img src={item.thumbnail_url} alt={m.ticket_picture({ name: item.name })} loading="lazy" />
              </button>
            ) : (
              <a class="file-link" href={item.url} target="_blank" rel="noopener">
                <Icon name="contracts" />
                <span>{item.name}</span>
              </a>
            )}
          </li>
        ))}
      </ul>
      {shown && (
        <Dialog title={m.ticket_picture({ name: shown.name })} onClose={() => setOpen(null)}>
          <img
            class="picture"
            src={shown.url}
            alt={m.ticket_picture({ name: shown.name })}
            width={shown.width ?? undefined}
            height={shown.height ?? undefined}
          />
          <div class="form-actions">
            <button type="button" class="button button-main" onClick={() => setOpen(null)}>
              {m.ticket_close()}
            </button>
            <a class="button" href={shown.url} target="_blank" rel="noopener">
              {m.ticket_file_open()}
            </a>
          </div>
        </Dialog>
      )}
    </>
  );
}
