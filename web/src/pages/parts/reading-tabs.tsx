import { m } from '../../paraglide/messages.js';
import { type Tab, Tabs } from '../../ui/tabs';

type Name = 'held' | 'meters' | 'imports' | 'settings';

/** The pages of readings that staff go between. */
export function ReadingTabs({ at }: { at: Name }) {
  const tabs: Tab<Name>[] = [
    ['held', '/held-readings', m.held_tab()],
    ['meters', '/meter-list', m.reading_meters()],
    ['imports', '/reading-imports', m.reading_imports()],
    ['settings', '/meter-settings', m.reading_settings()],
  ];
  return <Tabs tabs={tabs} at={at} />;
}
