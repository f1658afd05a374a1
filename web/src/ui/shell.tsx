import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { Problem } from '../api/problem';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff, signOut } from '../session/session';
import { Bell } from './bell';
import { Brand, Imprint } from './brand';
import { Icon, type IconName } from './icon';
import { Failed } from './notice';
import { Settings } from './settings';

interface Link {
  href: string;
  label: string;
  icon: IconName;
  /** Paths that belong to this link besides its own. */
  also?: string[];
  /** On a telephone the entry stands for its group; its own words there. */
  short?: string;
  /** On a telephone it stands in the menu of the account instead. */
  wideOnly?: boolean;
}

function links(): Link[] {
  const own: Link[] = [
    { href: '/', label: m.nav_home(), icon: 'home' },
    {
      href: '/contracts',
      label: m.nav_contracts(),
      icon: 'contracts',
      also: isStaff() ? ['/accounts'] : ['/accounts', '/payments'],
    },
  ];
  if (!isStaff()) {
    return [
      ...own,
      { href: '/meters', label: m.meter_nav(), icon: 'meter' },
      { href: '/tickets', label: m.nav_tickets(), icon: 'report' },
      { href: '/own-data', label: m.nav_own_data(), icon: 'person' },
    ];
  }
  return [
    ...own,
    {
      href: '/queue',
      label: m.queue_nav(),
      short: m.queue_nav_short(),
      icon: 'inbox',
      also: ['/tickets', '/incidents'],
    },
    {
      href: '/held-readings',
      label: m.meter_nav(),
      short: m.held_nav(),
      icon: 'meter',
      also: ['/meter-list', '/meters', '/reading-imports', '/meter-settings'],
    },
    { href: '/people', label: m.nav_people(), icon: 'people', also: ['/dead-addresses'] },
    { href: '/bank-statements', label: m.nav_bank_statements(), short: m.nav_bank(), icon: 'bank' },
    { href: '/unmatched-transfers', label: m.nav_unmatched(), short: m.nav_unmatched_short(), icon: 'transfer' },
    {
      href: '/reconciliation',
      label: m.provider_nav(),
      icon: 'card',
      also: ['/refunds', '/payment-providers', '/payments'],
      wideOnly: true,
    },
  ];
}

function within(path: string, link: Link): boolean {
  const roots = [link.href, ...(link.also ?? [])];
  return roots.some((root) => path === root || (root !== '/' && path.startsWith(`${root}/`)));
}

export function Shell({ children }: { children: ComponentChildren }) {
  const { path } = useLocation();
  return (
    <div class="shell">
      <a class="skip" href="#main">
        {m.skip_to_content()}
      </a>
      <header class="top">
        <a class="top-brand" href="/">
          <Brand />
        </a>
        <Bell />
        <AccountMenu />
      </header>
      <nav class="nav" aria-label={m.nav_label()}>
        <ul>
          {links().map((link) => (
            <li key={link.href} class={link.wideOnly ? 'nav-wide' : undefined}>
              <a
                href={link.href}
                aria-current={within(path, link) ? (path === link.href ? 'page' : 'true') : undefined}
              >
                <Icon name={link.icon} />
                <span class={link.short ? 'nav-long' : undefined}>{link.label}</span>
                {link.short && (
                  <span class="nav-short" aria-hidden="true">
                    {link.short}
                  </span>
                )}
              </a>
            </li>
          ))}
        </ul>
      </nav>
      <main id="main" class="main" tabIndex={-1}>
        {children}
      </main>
      <footer class="foot">
        <Imprint />
      </footer>
    </div>
  );
}

function AccountMenu() {
  const { person } = currentMe();
  const { url } = useLocation();
  const [open, setOpen] = useState(false);
  const [problem, setProblem] = useState<Problem | null>(null);
  const box = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => setOpen(false), [url]);
  useEffect(() => {
    if (!open) return;
    const outside = (event: Event) => {
      if (!box.current?.contains(event.target as Node)) setOpen(false);
    };
    const leaveByKey = (event: KeyboardEvent) => {
      if (event.key !== 'Escape') return;
      setOpen(false);
      button.current?.focus();
    };
    document.addEventListener('pointerdown', outside);
    document.addEventListener('focusin', outside);
    document.addEventListener('keydown', leaveByKey);
    return () => {
      document.removeEventListener('pointerdown', outside);
      document.removeEventListener('focusin', outside);
      document.removeEventListener('keydown', leaveByKey);
    };
  }, [open]);
  const leave = () => signOut().catch((error) => setProblem(Problem.of(error)));
  const name = `${person.first_name} ${person.last_name}`.trim();
  return (
    <div class="account-menu" ref={box}>
      <button
        ref={button}
        type="button"
        class="account-button"
        aria-expanded={open}
        aria-controls="account-panel"
        onClick={() => setOpen(!open)}
      >
        <Icon name="person" />
        <span class="account-name">{name}</span>
        <span class="hidden account-label"> {m.menu_label()}</span>
        <Icon name="down" />
      </button>
      <div id="account-panel" class="account-panel" hidden={!open}>
        <p class="account-who">
          <strong>{name}</strong>
          <span>{person.email}</span>
        </p>
        <ul class="account-links">
          <li>
            <a href="/own-data">{m.nav_own_data()}</a>
          </li>
          <li>
            <a href="/own-data/notifications">{m.notice_settings()}</a>
          </li>
          <li>
            <a href="/own-data/password">{m.nav_password()}</a>
          </li>
          {isStaff() && (
            <>
              <li>
                <a href="/reconciliation">{m.provider_nav()}</a>
              </li>
              <li>
                <a href="/data-import">{m.data_title()}</a>
              </li>
              <li>
                <a href="/notification-templates">{m.template_nav()}</a>
              </li>
            </>
          )}
        </ul>
        <Settings />
        {problem && <Failed problem={problem} />}
        <button type="button" class="button" onClick={() => void leave()}>
          {m.sign_out()}
        </button>
      </div>
    </div>
  );
}
