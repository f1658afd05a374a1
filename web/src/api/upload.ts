import { api, unwrap } from './client';
import { Problem } from './problem';

export type Purpose = 'bank_statement' | 'portfolio' | 'ledger' | 'ticket' | 'reading' | 'meters';

/** Sends a file to the bucket, never through a function. Returns the key to name in the request that uses it. */
export async function upload(
  file: File,
  purpose: Purpose,
  onProgress: (share: number) => void,
  signal?: AbortSignal,
): Promise<string> {
  const { key, url, fields } = await unwrap(
    api.POST('/uploads', { body: { name: file.name, size: file.size, type: file.type, purpose } }),
  );
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.append(name, value);
  form.append('file', file);
  await send(url, form, onProgress, signal);
  return key;
}

// fetch cannot tell how far an upload is; XMLHttpRequest can.
function send(url: string, form: FormData, onProgress: (share: number) => void, signal?: AbortSignal): Promise<void> {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    signal?.addEventListener('abort', () => request.abort());
    request.onabort = () => failed(new Problem('upload_not_found'));
    request.open('POST', url);
    request.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total);
    request.onload = () =>
      request.status < 300
        ? done()
        : failed(new Problem(request.status === 400 ? 'upload_too_large' : 'unexpected_error', request.status));
    request.onerror = () => failed(new Problem('network_error'));
    request.send(form);
  });
}
