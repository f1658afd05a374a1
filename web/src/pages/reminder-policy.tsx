import { useState } from 'preact/hooks';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { ReminderPolicy } from '../api/types';
import { number } from '../i18n/format';
import { STAGES, stagesText } from '../i18n/reminder-words';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { Facts, PrintButton } from '../ui/facts';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { NoticeTabs } from './parts/notice-tabs';
import { ReminderForm } from './parts/reminder-form';
import { stagesOf } from './parts/reminder-stages';

/** When people are reminded of what. Administrators change it, staff read it. */
export default function ReminderPolicyPage() {
  return isStaff() ? <Loaded /> : <NotFound />;
}

function Loaded() {
  const loaded = useResource('reminder policy', () => unwrap(api.GET('/reminder-policy')));
  const [saved, setSaved] = useState<ReminderPolicy | null>(null);
  const mayChange = currentMe().roles.includes('administrator');
  return (
    <LoadedPage of={loaded} title={m.reminder_title()}>
      {(data) => {
        // What was saved last is how it stands.
        const policy = saved ?? data;
        return (
          <Page
            title={m.reminder_title()}
            lead={m.reminder_lead()}
            actions={<PrintButton>{m.print_action()}</PrintButton>}
          >
            <NoticeTabs at="reminders" />
            {saved && (
              <div class="no-print">
                <Notice key={saved.version} kind="good" title={m.reminder_saved()} focus testId="saved" />
              </div>
            )}
            {policy.version === 0 && <p class="muted">{m.reminder_defaults()}</p>}
            {!mayChange && <p class="muted">{m.reading_settings_read_only()}</p>}
            {mayChange && (
              <ReminderForm
                key={policy.version}
                policy={policy}
                onSaved={setSaved}
                onReload={() => {
                  setSaved(null);
                  loaded.reload();
                }}
              />
            )}
            <div class={mayChange ? 'print-only' : undefined}>
              <InWords policy={policy} />
            </div>
          </Page>
        );
      }}
    </LoadedPage>
  );
}

/** The policy as people read it, and as it is printed. */
function InWords({ policy }: { policy: ReminderPolicy }) {
  return (
    <Facts
      items={[
        ...stagesOf(policy).map(([name, days]) => ({
          label: STAGES[name]?.title() ?? name,
          value: (
            <>
              {stagesText(name, days)}
              {STAGES[name]?.hint && <span class="note">{STAGES[name].hint()}</span>}
            </>
          ),
        })),
        { label: m.reminder_rate(), value: number(policy.per_second) },
      ]}
    />
  );
}
