import type { ComponentType } from 'preact';
import { useEffect } from 'preact/hooks';
import { LocationProvider, lazy, Route, Router, useLocation } from 'preact-iso';
import { safeBack, signInAddress } from './session/back';
import { loadSession, session } from './session/session';
import { Boundary, Broken } from './ui/boundary';
import { Skeleton } from './ui/loaded';
import NotFound from './ui/not-found';
import { Failed } from './ui/notice';
import { Outside } from './ui/outside';
import { Shell } from './ui/shell';

/** A page with a file of its own. Where that does not come (no network, an update of the site), the reader is told instead of kept waiting. */
const page = (load: () => Promise<{ default: ComponentType }>) => lazy(() => load().catch(() => ({ default: Broken })));

const SignIn = page(() => import('./pages/sign-in'));
const ForgottenPassword = page(() => import('./pages/forgotten-password'));
const Unsubscribe = page(() => import('./pages/unsubscribe'));
const Home = page(() => import('./pages/home'));
const Contracts = page(() => import('./pages/contracts'));
const ContractPage = page(() => import('./pages/contract'));
const AccountPage = page(() => import('./pages/account'));
const Explain = page(() => import('./pages/explain'));
const PayPage = page(() => import('./pages/pay'));
const PaymentPage = page(() => import('./pages/payment'));
const PostCharge = page(() => import('./pages/post-charge'));
const ReverseEntry = page(() => import('./pages/reverse-entry'));
const OwnData = page(() => import('./pages/own-data'));
const Notifications = page(() => import('./pages/notifications'));
const NotificationSettings = page(() => import('./pages/notification-settings'));
const Password = page(() => import('./pages/password'));
const Tickets = page(() => import('./pages/tickets'));
const Report = page(() => import('./pages/report'));
const TicketPage = page(() => import('./pages/ticket'));
const Meters = page(() => import('./pages/meters'));
const MeterUse = page(() => import('./pages/meter-use'));
const MeterPage = page(() => import('./pages/meter'));
const Queue = page(() => import('./pages/queue'));
const QueueNew = page(() => import('./pages/queue-new'));
const QueueSettings = page(() => import('./pages/queue-settings'));
const Incidents = page(() => import('./pages/incidents'));
const IncidentNew = page(() => import('./pages/incident-new'));
const IncidentPage = page(() => import('./pages/incident'));
const BankStatements = page(() => import('./pages/bank-statements'));
const BankStatementPage = page(() => import('./pages/bank-statement'));
const UnmatchedTransfers = page(() => import('./pages/unmatched-transfers'));
const DataImport = page(() => import('./pages/data-import'));
const Reconciliation = page(() => import('./pages/reconciliation'));
const Refunds = page(() => import('./pages/refunds'));
const PaymentProviders = page(() => import('./pages/payment-providers'));
const NotificationChannels = page(() => import('./pages/notification-channels'));
const NotificationTemplates = page(() => import('./pages/notification-templates'));
const ReminderPolicy = page(() => import('./pages/reminder-policy'));
const News = page(() => import('./pages/news'));
const NewsNew = page(() => import('./pages/news-new'));
const NewsPage = page(() => import('./pages/news-page'));
const HeldReadings = page(() => import('./pages/held-readings'));
const ReadingImports = page(() => import('./pages/reading-imports'));
const MeterSettings = page(() => import('./pages/meter-settings'));
const MeterStaff = page(() => import('./pages/meter-staff'));
const MeterStaffInstall = page(() => import('./pages/meter-staff-install'));
const MeterStaffRead = page(() => import('./pages/meter-staff-read'));
const MeterStaffReplace = page(() => import('./pages/meter-staff-replace'));
const MeterStaffNote = page(() => import('./pages/meter-staff-note'));
const MeterStaffBalance = page(() => import('./pages/meter-staff-balance'));
const DeadAddresses = page(() => import('./pages/dead-addresses'));
const People = page(() => import('./pages/people'));
const PersonPage = page(() => import('./pages/person'));

export function App() {
  return (
    <LocationProvider>
      <Body />
    </LocationProvider>
  );
}

function Body() {
  const { path, url, query, route } = useLocation();
  const outside = path === '/sign-in' || path === '/forgotten-password';
  // Whoever has its address may use it, signed in or not.
  const open = path.startsWith('/unsubscribe/');
  const { state } = session.value;
  const left = session.value.state === 'out' && session.value.left;
  useEffect(() => {
    if (state === 'out' && !outside && !open) route(left ? '/sign-in' : signInAddress(url), true);
    if (state === 'in' && outside) route(safeBack(query.back), true);
  }, [state, left, outside, open, url, query.back, route]);

  if (open) {
    return (
      <Outside>
        <Boundary path={path}>
          <Router>
            <Route path="/unsubscribe/:token" component={Unsubscribe} />
            <Route default component={NotFound} />
          </Router>
        </Boundary>
      </Outside>
    );
  }
  if (outside) {
    return (
      <Outside>
        <Boundary path={path}>
          <Router>
            <Route path="/sign-in" component={SignIn} />
            <Route path="/forgotten-password" component={ForgottenPassword} />
          </Router>
        </Boundary>
      </Outside>
    );
  }
  if (session.value.state === 'failed') {
    return (
      <main class="alone">
        <Failed problem={session.value.problem} retry={() => void loadSession()} />
      </main>
    );
  }
  if (state !== 'in') {
    return (
      <main class="alone">
        <Skeleton lines={5} />
      </main>
    );
  }
  return (
    <Shell>
      <Boundary path={path}>
        <Router>
          <Route path="/" component={Home} />
          <Route path="/contracts" component={Contracts} />
          <Route path="/contracts/:contract_id" component={ContractPage} />
          <Route path="/accounts/:contract_id" component={AccountPage} />
          <Route path="/accounts/:contract_id/explain" component={Explain} />
          <Route path="/accounts/:contract_id/new-charge" component={PostCharge} />
          <Route path="/accounts/:contract_id/reverse/:entry_id" component={ReverseEntry} />
          <Route path="/accounts/:contract_id/pay" component={PayPage} />
          <Route path="/payments/:payment_id" component={PaymentPage} />
          <Route path="/own-data" component={OwnData} />
          <Route path="/notifications" component={Notifications} />
          <Route path="/own-data/notifications" component={NotificationSettings} />
          <Route path="/own-data/password" component={Password} />
          <Route path="/tickets" component={Tickets} />
          <Route path="/tickets/new" component={Report} />
          <Route path="/tickets/:ticket_id" component={TicketPage} />
          <Route path="/meters" component={Meters} />
          <Route path="/meters/use" component={MeterUse} />
          <Route path="/meters/:meter_id" component={MeterPage} />
          <Route path="/queue" component={Queue} />
          <Route path="/queue/new" component={QueueNew} />
          <Route path="/queue/settings" component={QueueSettings} />
          <Route path="/incidents" component={Incidents} />
          <Route path="/incidents/new" component={IncidentNew} />
          <Route path="/incidents/:incident_id" component={IncidentPage} />
          <Route path="/bank-statements" component={BankStatements} />
          <Route path="/bank-statements/:import_id" component={BankStatementPage} />
          <Route path="/unmatched-transfers" component={UnmatchedTransfers} />
          <Route path="/data-import" component={DataImport} />
          <Route path="/reconciliation" component={Reconciliation} />
          <Route path="/refunds" component={Refunds} />
          <Route path="/payment-providers" component={PaymentProviders} />
          <Route path="/notification-channels" component={NotificationChannels} />
          <Route path="/notification-templates" component={NotificationTemplates} />
          <Route path="/reminder-policy" component={ReminderPolicy} />
          <Route path="/news" component={News} />
          <Route path="/news/new" component={NewsNew} />
          <Route path="/news/:news_id" component={NewsPage} />
          <Route path="/held-readings" component={HeldReadings} />
          <Route path="/reading-imports" component={ReadingImports} />
          <Route path="/meter-settings" component={MeterSettings} />
          <Route path="/meter-list" component={MeterStaff} />
          <Route path="/meter-list/new" component={MeterStaffInstall} />
          <Route path="/meters/:meter_id/enter" component={MeterStaffRead} />
          <Route path="/meters/:meter_id/replace" component={MeterStaffReplace} />
          <Route path="/meters/:meter_id/note" component={MeterStaffNote} />
          <Route path="/meters/:meter_id/balance" component={MeterStaffBalance} />
          <Route path="/dead-addresses" component={DeadAddresses} />
          <Route path="/people" component={People} />
          <Route path="/people/:person_id" component={PersonPage} />
          <Route default component={NotFound} />
        </Router>
      </Boundary>
    </Shell>
  );
}
