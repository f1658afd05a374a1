import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { type Tab, Tabs } from '../../ui/tabs';

type Name = 'news' | 'templates' | 'reminders' | 'channels';

/** The pages of messages that staff go between; channels are set up by administrators. */
export function NoticeTabs({ at }: { at: Name }) {
  const tabs: Tab<Name>[] = [
    ['news', '/news', m.news_title()],
    ['templates', '/notification-templates', m.template_title()],
    ['reminders', '/reminder-policy', m.reminder_title()],
  ];
  if (currentMe().roles.includes('administrator')) tabs.push(['channels', '/notification-channels', m.channel_tab()]);
  return <Tabs tabs={tabs} at={at} />;
}
