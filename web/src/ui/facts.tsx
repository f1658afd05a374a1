import type { ComponentChildren } from 'preact';

export interface Fact {
  label: string;
  value: ComponentChildren;
}

/** Names and values of one object; what is not known is left out. */
export function Facts({ items }: { items: (Fact | false | null)[] }) {
  return (
    <dl class="facts">
      {items.map(
        (fact) =>
          fact && (
            <div key={fact.label}>
              <dt>{fact.label}</dt>
              <dd>{fact.value}</dd>
            </div>
          ),
      )}
    </dl>
  );
}

/** How a thing stands, in words; the colour only repeats them. */
export function Status({
  kind,
  children,
}: {
  kind: 'good' | 'bad' | 'part' | 'off' | 'plain';
  children: ComponentChildren;
}) {
  return <span class={`status status-${kind}`}>{children}</span>;
}

export function PrintButton({ children }: { children: ComponentChildren }) {
  return (
    <button type="button" class="button no-print" onClick={() => window.print()}>
      {children}
    </button>
  );
}
