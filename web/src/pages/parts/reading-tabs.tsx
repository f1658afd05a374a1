import { m } from '../../paraglide/messages.js';

type Tab = 'held' | 'meters' | 'imports' | 'settings';

/** The pages of readings that staff go between. */
export function ReadingTabs({ at }: { at: Tab }) {
  const tabs: [tab: Tab, href: string, label: string][] = [
    ['held', '/held-readings', m.held_tab()],
    ['meters', '/meter-list', m.reading_meters()],
    ['imports', '/reading-imports', m.reading_imports()],
    ['settings', '/meter-settings', m.reading_settings()],
  ];
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
