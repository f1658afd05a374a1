import type { TicketReceipt, TicketSettings } from '../../api/types';
import { instant } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Notice } from '../../ui/notice';
import { Page } from '../../ui/page';
import { EmergencyNumbers } from './emergency';

interface Props {
  sent: TicketReceipt;
  emergency: boolean;
  settings: TicketSettings;
}

export function ReportReceipt({ sent, emergency, settings }: Props) {
  const { name, time_zone } = currentMe().organisation;
  return (
    <Page key="receipt" title={m.report_sent_title()}>
      <Notice kind="good" title={m.report_sent_number({ number: sent.number })} testId="sent" />
      {emergency && (
        <Notice kind="bad" title={m.report_emergency_title()}>
          <EmergencyNumbers settings={settings} />
        </Notice>
      )}
      <section class="section" aria-labelledby="next">
        <h2 id="next">{m.report_next()}</h2>
        <ol class="steps">
          <li>{m.report_next_read({ organisation: name })}</li>
          {sent.due_at && <li>{m.report_next_due({ time: instant(sent.due_at, time_zone) })}</li>}
          <li>{m.report_next_follow()}</li>
        </ol>
      </section>
      <p class="form-actions">
        <a class="button button-main" href={`/tickets/${sent.ticket_id}`}>
          {m.report_follow()}
        </a>
        <a class="button" href="/tickets/new">
          {m.report_another()}
        </a>
      </p>
    </Page>
  );
}
