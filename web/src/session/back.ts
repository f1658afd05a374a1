const OUTSIDE = ['/sign-in', '/forgotten-password'];

/** Where to go after signing in: a path of this site, never another origin and never the sign-in page itself. */
export function safeBack(wanted: string | null | undefined): string {
  if (!wanted?.startsWith('/')) return '/';
  let url: URL;
  try {
    url = new URL(wanted, 'https://site.invalid');
  } catch {
    return '/';
  }
  if (url.origin !== 'https://site.invalid' || url.pathname.startsWith('//')) return '/';
  if (OUTSIDE.some((path) => url.pathname === path || url.pathname.startsWith(`${path}/`))) return '/';
  return url.pathname + url.search + url.hash;
}

/** The sign-in address that brings the person back to where he was. */
export function signInAddress(current: string): string {
  const back = safeBack(current);
  return back === '/' ? '/sign-in' : `/sign-in?back=${encodeURIComponent(back)}`;
}
