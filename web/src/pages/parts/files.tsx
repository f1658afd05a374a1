import { useEffect, useId, useRef } from 'preact/hooks';
import { isPicture } from '../../api/pictures';
import { type Chosen, Tray } from '../../api/tray';
import '../../i18n/upload-codes';
import { problemText } from '../../i18n/codes';
import { m } from '../../paraglide/messages.js';
import { Icon } from '../../ui/icon';

const PICTURES = 'image/jpeg,image/png,image/webp';
const ACCEPT = `${PICTURES},application/pdf,video/mp4,video/quicktime,video/webm`;

interface Props {
  tray: Tray;
  hint?: string;
  /** The button's words, where something particular is wanted. */
  label?: string;
  /** Only pictures, straight from the camera of a telephone. */
  camera?: boolean;
  /** Its button stands out until there is a file. */
  main?: boolean;
}

/** Photos and files: a telephone offers its camera; what is chosen is sent and checked at once, while the person goes on. */
export function Files({ tray, hint, label, camera, main }: Props) {
  const id = useId();
  const items = tray.items.value;
  return (
    <div class="files">
      {items.length > 0 && (
        <ul class="file-rows" aria-label={m.ticket_files()}>
          {items.map((item) => (
            <Row key={item.id} item={item} tray={tray} />
          ))}
        </ul>
      )}
      {tray.overflow.value && (
        <p class="field-error" role="alert">
          {m.ticket_files_most()}
        </p>
      )}
      {items.length < tray.most && (
        <div class="file-add">
          <input
            id={id}
            class="hidden"
            type="file"
            name="files"
            multiple={tray.most > 1}
            accept={camera ? PICTURES : ACCEPT}
            capture={camera ? 'environment' : undefined}
            aria-describedby={`${id}-hint`}
            onChange={(event) => {
              tray.add([...(event.currentTarget.files ?? [])]);
              // So that the same file can be chosen again after it was removed.
              event.currentTarget.value = '';
            }}
          />
          <label for={id} class={main && items.length === 0 ? 'button button-main' : 'button'}>
            <Icon name="camera" />
            {label ?? m.ticket_files_add()}
          </label>
          <p class="hint" id={`${id}-hint`}>
            {hint ?? m.ticket_files_hint()}
          </p>
        </div>
      )}
    </div>
  );
}

function Row({ item, tray }: { item: Chosen; tray: Tray }) {
  const { id, name, state, share, problem } = item;
  return (
    <li class="file-row" data-testid="file-row" data-state={state}>
      {item.file && isPicture(item.file.type) ? <Preview file={item.file} /> : <Icon name="contracts" />}
      <div>
        <p class="file-name">{name}</p>
        <div role="status">
          {state === 'sending' && <progress aria-label={`${m.ticket_file_sending()}: ${name}`} max={1} value={share} />}
          {state === 'checking' && <p class="muted small">{m.ticket_file_checking()}</p>}
          {state === 'ready' && <p class="small file-ready">{m.ticket_file_ready()}</p>}
          {problem && <p class="field-error">{problemText(problem)}</p>}
        </div>
      </div>
      <p class="file-actions">
        {Tray.again(item) && (
          <button type="button" class="button button-quiet" onClick={() => tray.retry(id)}>
            {m.try_again()}
            <span class="hidden"> {name}</span>
          </button>
        )}
        <button type="button" class="button button-quiet" onClick={() => tray.remove(id)}>
          {m.ticket_file_remove()}
          <span class="hidden"> {name}</span>
        </button>
      </p>
    </li>
  );
}

const SIDE = 96;

/** Drawn, not linked: the content policy allows no addresses of files of this device. */
function Preview({ file }: { file: File }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (typeof createImageBitmap !== 'function') return;
    let wanted = true;
    createImageBitmap(file).then(
      (picture) => {
        const side = Math.min(picture.width, picture.height);
        const [left, top] = [(picture.width - side) / 2, (picture.height - side) / 2];
        if (wanted) canvas.current?.getContext('2d')?.drawImage(picture, left, top, side, side, 0, 0, SIDE, SIDE);
        picture.close();
      },
      () => undefined,
    );
    return () => {
      wanted = false;
    };
  }, [file]);
  return <canvas ref={canvas} class="file-preview" width={SIDE} height={SIDE} />;
}
