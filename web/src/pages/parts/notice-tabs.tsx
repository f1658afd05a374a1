import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';

type Tab = 'templates' | 'reminders' | 'channels';

/** The pages of messages that staff go between; channels are set up by administrators. */
export function NoticeTabs({ at }: { at: Tab }) {
  const tabs: [tab: Tab, href: string, label: string][] = [
    ['templates', '/notification-templates', m.template_title()],
    ['reminders', '/reminder-policy', m.reminder_title()],
  ];
  if (currentMe().roles.includes('administrator')) tabs.push(['channels', '/notification-channels', m.channel_tab()]);
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
