import { render } from 'preact';
import { act } from 'preact/test-utils';
import { LocationProvider, Route, Router } from 'preact-iso';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { answers, me, organisation, staffAnswers } from './fixtures';

const asking = vi.hoisted(() => ({ staff: false }));
// Read before anything else asks for it: while it is being evaluated for another module, a mock of it would find it empty.
const format = await vi.hoisted(() => vi.importActual<object>('../src/i18n/format'));

// A pseudo-locale: every text of the site comes out as ⟦key⟧. Whatever else can be read is hard-coded.
vi.mock('../src/paraglide/messages.js', () => ({
  m: new Proxy(
    {},
    { get: (_, key) => (inputs?: object) => `⟦${String(key)} ${Object.values(inputs ?? {}).join(' ')}⟧` },
  ),
}));
vi.mock('../src/api/client', () => ({
  onSessionLost: () => undefined,
  unwrap: (asked: Promise<unknown>) => asked,
  unwrapMarked: async (asked: Promise<unknown>) => ({ data: await asked, mark: null }),
  api: {
    GET: async (path: string) =>
      (asking.staff && staffAnswers[path]) || answers[path] || Promise.reject(new Error(`no fixture for ${path}`)),
    POST: async () => ({}),
    PATCH: async () => ({}),
  },
}));
// Names of months and currencies are words of the browser, not ours.
vi.mock('../src/i18n/format', () => ({
  ...format,
  money: (minor: number) => `«${minor}»`,
  date: (iso: string) => `«${iso}»`,
  instant: (iso: string) => `«${iso}»`,
  relative: (iso: string) => `«${iso}»`,
  month: (iso: string) => `«${iso}»`,
  weekday: (day: number) => `«${day}»`,
}));
vi.mock('../src/i18n/months', () => ({
  monthName: (iso: string) => `«${iso}»`,
  dayAlone: (iso: string) => `«${iso}»`,
}));
vi.spyOn(Intl, 'DisplayNames').mockImplementation(
  class {
    of = (code: string) => `«${code}»`;
  } as unknown as typeof Intl.DisplayNames,
);

const { session } = await import('../src/session/session');
const { keepOrganisation } = await import('../src/theme/theme');
const { Shell } = await import('../src/ui/shell');
const { NotFound } = await import('../src/ui/not-found');
const { Outside } = await import('../src/ui/outside');
// What providers call themselves is the same in every language.
const brands: string[] = Object.values((await import('../src/i18n/pay-words')).PROVIDER_NAMES);
// Loaded beforehand, so that its page is there as soon as it is shown.
await Promise.all(Object.values(import.meta.glob('../src/pages/parts/*.tsx')).map((load) => load()));

const PAGES: [page: string, path: string, address: string, who: 'tenant' | 'staff' | 'administrator' | 'nobody'][] = [
  ['sign-in', '/sign-in', '/sign-in?o=dom&back=%2Fcontracts&done=password', 'nobody'],
  ['forgotten-password', '/forgotten-password', '/forgotten-password', 'nobody'],
  ['unsubscribe', '/unsubscribe/:token', '/unsubscribe/org_1.per_1.payment_due.mac', 'nobody'],
  ['home', '/', '/', 'tenant'],
  ['home', '/', '/', 'staff'],
  ['contracts', '/contracts', '/contracts', 'tenant'],
  ['contracts', '/contracts', '/contracts?q=1', 'staff'],
  ['contract', '/contracts/:contract_id', '/contracts/con_1', 'staff'],
  ['account', '/accounts/:contract_id', '/accounts/con_1', 'staff'],
  ['account', '/accounts/:contract_id', '/accounts/con_1?tab=payments', 'tenant'],
  ['account', '/accounts/:contract_id', '/accounts/con_1?tab=entries', 'tenant'],
  ['explain', '/accounts/:contract_id/explain', '/accounts/con_1/explain', 'tenant'],
  ['pay', '/accounts/:contract_id/pay', '/accounts/con_1/pay', 'tenant'],
  ['pay', '/accounts/:contract_id/pay', '/accounts/con_1/pay?items=chg_1', 'tenant'],
  ['pay', '/accounts/:contract_id/pay', '/accounts/con_1/pay?amount=700', 'tenant'],
  ['payment', '/payments/:payment_id', '/payments/return?payment_id=pay_9', 'tenant'],
  ['payment', '/payments/:payment_id', '/payments/pay_9', 'staff'],
  ['post-charge', '/accounts/:contract_id/new-charge', '/accounts/con_1/new-charge', 'staff'],
  ['reverse-entry', '/accounts/:contract_id/reverse/:entry_id', '/accounts/con_1/reverse/pay_1', 'staff'],
  ['own-data', '/own-data', '/own-data', 'tenant'],
  ['notifications', '/notifications', '/notifications', 'tenant'],
  ['notification-settings', '/own-data/notifications', '/own-data/notifications', 'tenant'],
  ['password', '/own-data/password', '/own-data/password', 'tenant'],
  ['report', '/tickets/new', '/tickets/new', 'tenant'],
  ['report', '/tickets/new', '/tickets/new?place=kitchen', 'tenant'],
  ['report', '/tickets/new', '/tickets/new?problem=kitchen_leak', 'tenant'],
  ['tickets', '/tickets', '/tickets', 'tenant'],
  ['tickets', '/tickets', '/tickets?tab=shut', 'tenant'],
  ['ticket', '/tickets/:ticket_id', '/tickets/tkt_1', 'tenant'],
  ['meters', '/meters', '/meters', 'tenant'],
  ['meter-use', '/meters/use', '/meters/use', 'tenant'],
  ['meter', '/meters/:meter_id', '/meters/mtr_1', 'tenant'],
  ['bank-statements', '/bank-statements', '/bank-statements', 'staff'],
  ['bank-statement', '/bank-statements/:import_id', '/bank-statements/imp_1', 'staff'],
  ['unmatched-transfers', '/unmatched-transfers', '/unmatched-transfers', 'staff'],
  ['unmatched-transfers', '/unmatched-transfers', '/unmatched-transfers?transfer_id=trf_1', 'staff'],
  ['data-import', '/data-import', '/data-import', 'staff'],
  ['data-import', '/data-import', '/data-import?import=imp_1', 'staff'],
  ['people', '/people', '/people', 'staff'],
  ['person', '/people/:person_id', '/people/per_1', 'staff'],
  ['dead-addresses', '/dead-addresses', '/dead-addresses', 'staff'],
  ['queue', '/queue', '/queue', 'staff'],
  ['queue', '/queue', '/queue?status=waiting_for_tenant&assignee_id=me&overdue=true', 'staff'],
  ['queue', '/queue', '/queue?view=board', 'staff'],
  ['ticket', '/tickets/:ticket_id', '/tickets/tkt_2', 'staff'],
  ['queue-new', '/queue/new', '/queue/new', 'staff'],
  ['incidents', '/incidents', '/incidents', 'staff'],
  ['incident-new', '/incidents/new', '/incidents/new?tickets=tkt_1,tkt_2&communities=com_1', 'staff'],
  ['incident', '/incidents/:incident_id', '/incidents/inc_1', 'staff'],
  ['reconciliation', '/reconciliation', '/reconciliation', 'staff'],
  ['reconciliation', '/reconciliation', '/reconciliation?state=paid_twice', 'administrator'],
  ['reconciliation', '/reconciliation', '/reconciliation?state=done', 'staff'],
  ['refunds', '/refunds', '/refunds?state=failed', 'staff'],
  ['payment-providers', '/payment-providers', '/payment-providers', 'administrator'],
  ['payment-providers', '/payment-providers', '/payment-providers?provider=autopay', 'administrator'],
  ['payment-providers', '/payment-providers', '/payment-providers?provider=stripe', 'administrator'],
  ['notification-channels', '/notification-channels', '/notification-channels', 'administrator'],
  ['notification-channels', '/notification-channels', '/notification-channels?channel=telegram', 'administrator'],
  ['notification-templates', '/notification-templates', '/notification-templates', 'staff'],
  ['notification-templates', '/notification-templates', '/notification-templates?kind=payment_due', 'administrator'],
  ['news', '/news', '/news?sent=nws_2', 'staff'],
  ['news-new', '/news/new', '/news/new?language=uk', 'staff'],
  ['news-page', '/news/:news_id', '/news/nws_2', 'tenant'],
  ['news-page', '/news/:news_id', '/news/nws_2', 'staff'],
  ['reminder-policy', '/reminder-policy', '/reminder-policy', 'staff'],
  ['reminder-policy', '/reminder-policy', '/reminder-policy', 'administrator'],
  ['held-readings', '/held-readings', '/held-readings', 'staff'],
  ['held-readings', '/held-readings', '/held-readings?reading=rdg_9&medium=cold_water', 'staff'],
  ['held-readings', '/held-readings', '/held-readings?reading=rdg_10', 'staff'],
  ['reading-imports', '/reading-imports', '/reading-imports', 'staff'],
  ['reading-imports', '/reading-imports', '/reading-imports?import=imp_1&upload=key', 'staff'],
  ['meter-settings', '/meter-settings', '/meter-settings', 'staff'],
  ['meter-settings', '/meter-settings', '/meter-settings', 'administrator'],
  ['meter-staff', '/meter-list', '/meter-list', 'staff'],
  ['meter-staff', '/meter-list', '/meter-list?unit_id=unt_1', 'staff'],
  ['meter-staff-install', '/meter-list/new', '/meter-list/new?unit_id=unt_1', 'staff'],
  ['meter-staff-read', '/meters/:meter_id/enter', '/meters/mtr_1/enter?supersedes=rdg_1', 'staff'],
  ['meter-staff-replace', '/meters/:meter_id/replace', '/meters/mtr_1/replace?reading=rdg_9', 'staff'],
  ['meter-staff-note', '/meters/:meter_id/note', '/meters/mtr_1/note?kind=removed', 'staff'],
  ['meter-staff-balance', '/meters/:meter_id/balance', '/meters/mtr_1/balance?month=2026-10', 'staff'],
  ['meter', '/meters/:meter_id', '/meters/mtr_1', 'staff'],
  ['queue-settings', '/queue/settings', '/queue/settings', 'staff'],
  ['queue-settings', '/queue/settings', '/queue/settings?tab=rules', 'administrator'],
];

const modules = import.meta.glob<{ default: () => preact.JSX.Element }>('../src/pages/*.tsx');

let root: HTMLElement;

async function show([page, path, address, who]: (typeof PAGES)[number]) {
  history.replaceState(null, '', address);
  asking.staff = who === 'staff' || who === 'administrator';
  session.value = who === 'nobody' ? { state: 'out' } : { state: 'in', me: me([who]) };
  keepOrganisation(organisation);
  const component = (await modules[`../src/pages/${page}.tsx`]?.())?.default;
  if (!component) throw new Error(`no page ${page}`);
  const Frame = who === 'nobody' ? Outside : Shell;
  await act(() => {
    render(
      <LocationProvider>
        <Frame>
          <Router>
            {/* Two, because the router types its children as a list. */}
            <Route path={path} component={component} />
            <Route default component={NotFound} />
          </Router>
        </Frame>
      </LocationProvider>,
      root,
    );
  });
  // Parts with files of their own take a little longer.
  const coming = () => root.querySelector('.skeleton') || !root.querySelector('h1');
  for (let turn = 0; turn < 4 || (turn < 200 && coming()); turn += 1)
    await act(async () => void (await new Promise((done) => setTimeout(done, 1))));
}

const READ_ALOUD = ['aria-label', 'title', 'alt', 'placeholder', 'data-label', 'label'];

/** Everything that a person can read or hear, without our texts and without data. */
function foreignWords(element: Element): string[] {
  const found: string[] = [];
  const walk = (node: Node) => {
    if (node.nodeType === Node.TEXT_NODE) found.push(node.textContent ?? '');
    if (!(node instanceof Element)) return;
    // Languages name themselves.
    if (node.matches('option[lang], span[lang]')) return;
    for (const name of READ_ALOUD) found.push(node.getAttribute(name) ?? '');
    for (const child of node.childNodes) walk(child);
  };
  walk(element);
  return found
    .map((text) => {
      let bare = text.replace(/«[^»]*»/g, '');
      for (let depth = 0; depth < 4; depth += 1) bare = bare.replace(/⟦[^⟦⟧]*⟧/g, '');
      return bare.trim();
    })
    .filter((text) => /\p{L}/u.test(text) && !brands.includes(text));
}

beforeEach(() => {
  root = document.body.appendChild(document.createElement('div'));
});

afterEach(() => {
  render(null, root);
  root.remove();
});

describe.each(PAGES)('page %s (%s, %s, %s)', (...page) => {
  it('is there, has one heading, and no hard-coded text', async () => {
    await show(page);
    expect(root.querySelectorAll('h1').length).toBe(1);
    expect(root.querySelector('[data-testid=not-found], [data-testid=failed], [data-testid=broken]')).toBeNull();
    expect(root.querySelector('.skeleton')).toBeNull();
    expect(foreignWords(root)).toEqual([]);
  });

  it('labels every control, heads every table, and names nothing twice', async () => {
    await show(page);
    for (const control of root.querySelectorAll('input, select, textarea')) {
      expect(root.querySelector(`label[for="${control.id}"]`), control.outerHTML).not.toBeNull();
    }
    for (const table of root.querySelectorAll('table')) {
      expect(table.querySelector('caption')?.textContent).toBeTruthy();
      expect(table.querySelectorAll('thead th[scope=col]').length).toBeGreaterThan(0);
    }
    const ids = [...root.querySelectorAll('[id]')].map((element) => element.id);
    expect(ids).toEqual([...new Set(ids)]);
    for (const element of root.querySelectorAll('[style]')) expect(element.outerHTML).toBe('without a style attribute');
  });
});

it('every page is looked at', () => {
  const known = new Set(PAGES.map(([page]) => page));
  const files = Object.keys(modules).map((path) => path.replace('../src/pages/', '').replace('.tsx', ''));
  expect(files.filter((page) => !known.has(page))).toEqual([]);
});

describe.each(
  PAGES.filter(
    ([, path, , who]) =>
      (who === 'staff' || who === 'administrator') &&
      ![
        '/',
        '/contracts',
        '/contracts/:contract_id',
        '/accounts/:contract_id',
        '/tickets/:ticket_id',
        '/meters/:meter_id',
        '/payments/:payment_id',
        '/news/:news_id',
      ].includes(path),
  ),
)('a tenant at the staff page %s (%s, %s)', (page, path, address) => {
  it('finds nothing', async () => {
    await show([page, path, address, 'tenant']);
    expect(root.querySelector('[data-testid=not-found]')).not.toBeNull();
  });
});
