import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { type Tab, Tabs } from '../../ui/tabs';

type Name = 'reconciliation' | 'refunds' | 'providers';

/** The pages of online payments that staff go between. */
export function OnlineTabs({ at }: { at: Name }) {
  const tabs: Tab<Name>[] = [
    ['reconciliation', '/reconciliation', m.reconcile_tab()],
    ['refunds', '/refunds', m.refund_tab()],
  ];
  if (currentMe().roles.includes('administrator')) tabs.push(['providers', '/payment-providers', m.provider_tab()]);
  return <Tabs tabs={tabs} at={at} />;
}
