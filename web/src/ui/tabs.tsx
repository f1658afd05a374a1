import type { ComponentChildren } from 'preact';

export type Tab<Name extends string> = [name: Name, href: string, label: ComponentChildren];

/** Pages that people go between; `at` is the one that is shown. */
export function Tabs<Name extends string>({ tabs, at }: { tabs: Tab<Name>[]; at: Name }) {
  return (
    <div class="tabs no-print">
      {tabs.map(([name, href, label]) => (
        <a key={name} href={href} aria-current={name === at ? 'page' : undefined}>
          {label}
        </a>
      ))}
    </div>
  );
}
