import type { ComponentChildren } from 'preact';

export type Tab<Name extends string> = [name: Name, href: string, label: ComponentChildren];

interface Props<Name extends string> {
  tabs: readonly Tab<Name>[];
  /** The one that is shown. */
  at: Name | undefined;
  /** What they are lists of, on one page: there the one that is shown heads it on paper too. */
  label?: string;
}

/** Links between pages, lists or views of which one is shown at a time. Each has an address of its own. */
export function Tabs<Name extends string>({ tabs, at, label }: Props<Name>) {
  const links = tabs.map(([name, href, words]) => (
    <a key={name} href={href} aria-current={name === at ? 'page' : undefined}>
      {words}
    </a>
  ));
  return label ? (
    <nav class="tabs" aria-label={label}>
      {links}
    </nav>
  ) : (
    <div class="tabs no-print">{links}</div>
  );
}
