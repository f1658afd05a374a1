import { useState } from 'preact/hooks';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import '../i18n/reading-codes';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Page } from '../ui/page';
import { MeterRules } from './parts/meter-rules';
import { ReadingTabs } from './parts/reading-tabs';
import '../styles/desk.css';

/** When readings are taken, how they are estimated, and from where on they are questioned. Administrators change it, staff read it. */
export default function MeterSettings() {
  return isStaff() ? <Loaded /> : <NotFound />;
}

function Loaded() {
  // Asked again after each saving: what was saved is what is shown.
  const [round, setRound] = useState(0);
  const settings = useResource(`meter settings ${round}`, () => unwrap(api.GET('/meter-settings')));
  const mayChange = currentMe().roles.includes('administrator');
  return (
    <LoadedPage of={settings} title={m.reading_settings_title()}>
      {(data) => (
        <Page title={m.reading_settings_title()} lead={mayChange ? undefined : m.reading_settings_read_only()}>
          <ReadingTabs at="settings" />
          <p class="muted" role="status" data-testid={round > 0 ? 'saved' : undefined}>
            {round > 0 && m.reading_saved()}
          </p>
          <MeterRules key={round} settings={data} mayChange={mayChange} onSaved={() => setRound(round + 1)} />
        </Page>
      )}
    </LoadedPage>
  );
}
