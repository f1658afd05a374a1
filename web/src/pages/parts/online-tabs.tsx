import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';

type Tab = 'reconciliation' | 'refunds' | 'providers';

/** The pages of online payments that staff go between. */
export function OnlineTabs({ at }: { at: Tab }) {
  const tabs: [tab: Tab, href: string, label: string][] = [
    ['reconciliation', '/reconciliation', m.reconcile_tab()],
    ['refunds', '/refunds', m.refund_tab()],
  ];
  if (currentMe().roles.includes('administrator')) tabs.push(['providers', '/payment-providers', m.provider_tab()]);
  return (
    <div class="tabs no-print">
      {tabs.map(([tab, href, label]) => (
        <a key={tab} href={href} aria-current={tab === at ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </div>
  );
}
