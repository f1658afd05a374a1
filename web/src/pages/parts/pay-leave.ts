import { Problem } from '../../api/problem';
import type { StartedPayment } from '../../api/types';

/** Leaves for the provider's page: by its address, or by a form where the provider wants signed fields. */
export function leave({ method, url, fields }: StartedPayment['redirect']): void {
  if (!['https:', 'http:'].includes(new URL(url).protocol)) throw new Problem('provider_refused');
  if (method === 'GET') {
    location.assign(url);
    return;
  }
  const form = document.createElement('form');
  form.method = 'post';
  form.action = url;
  form.hidden = true;
  for (const [name, value] of Object.entries(fields)) {
    const field = document.createElement('input');
    field.type = 'hidden';
    field.name = name;
    field.value = value;
    form.append(field);
  }
  document.body.append(form);
  // Not `form.submit()`: a field may be called `submit`.
  HTMLFormElement.prototype.submit.call(form);
}
