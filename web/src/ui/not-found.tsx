import { m } from '../paraglide/messages.js';
import { Page } from './page';

export function NotFound() {
  return (
    <Page title={m.not_found_title()} lead={m.not_found_text()} testId="not-found">
      <p>
        <a class="button" href="/">
          {m.not_found_home()}
        </a>
      </p>
    </Page>
  );
}

export default NotFound;
