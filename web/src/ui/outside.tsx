import type { ComponentChildren } from 'preact';
import { m } from '../paraglide/messages.js';
import { Brand, Imprint } from './brand';
import { Settings } from './settings';

/** The frame of the pages before sign-in: the organisation's own face beside the form. */
export function Outside({ children }: { children: ComponentChildren }) {
  return (
    <div class="outside">
      <a class="skip" href="#main">
        {m.skip_to_content()}
      </a>
      <header class="outside-face">
        <Brand />
        <p class="outside-claim">{m.outside_claim()}</p>
        <Imprint />
      </header>
      <main id="main" class="outside-main" tabIndex={-1}>
        {children}
      </main>
      <footer class="outside-foot">
        <Settings />
      </footer>
    </div>
  );
}
