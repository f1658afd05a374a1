import { api, unwrap } from './client';
import { nextWait } from './polling';
import { Problem } from './problem';

const PATIENCE = 90_000;

/** Waits for the check of an uploaded file's content. Throws why it was refused, or `upload_not_ready` when nobody says. */
export async function checkUpload(key: string, signal: AbortSignal): Promise<void> {
  const until = Date.now() + PATIENCE;
  for (let wait = nextWait(null); ; wait = nextWait(wait)) {
    const { state, code } = await unwrap(api.POST('/uploads/checks', { body: { key }, signal }));
    if (state === 'ready') return;
    if (state === 'refused') throw new Problem(code ?? 'upload_refused', 422);
    if (Date.now() > until) throw new Problem('upload_not_ready', 409);
    await new Promise((done) => setTimeout(done, wait));
    if (signal.aborted) throw new Problem('upload_not_found');
  }
}
