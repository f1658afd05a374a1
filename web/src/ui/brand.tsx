import { look } from '../theme/theme';

/** The organisation's logo and name; Lokum's own name before one is known. */
export function Brand() {
  const organisation = look.value;
  const logo = organisation?.theme.logo_url;
  return (
    <span class="brand">
      {logo && <img class="brand-logo" src={logo} alt="" height="36" />}
      <span class="brand-name">{organisation?.name ?? 'Lokum'}</span>
    </span>
  );
}

/** How to reach the organisation. */
export function Imprint() {
  const theme = look.value?.theme;
  if (!theme) return null;
  const lines = (theme.header_address ?? []).filter(Boolean);
  return (
    <address class="imprint">
      {lines.length > 0 && <span>{lines.join(', ')}</span>}
      {theme.email && <a href={`mailto:${theme.email}`}>{theme.email}</a>}
      {theme.phone && <a href={`tel:${theme.phone.replace(/[^+\d]/g, '')}`}>{theme.phone}</a>}
    </address>
  );
}
