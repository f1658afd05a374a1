// Budgets: the first screen (shell with the larger of sign-in and home) and each further route, gzip, JS and CSS together.
// Each language is a build of its own; what counts is the largest of them.
import { readdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';

const dist = new URL('./dist/', import.meta.url);
const gzipped = (name) => gzipSync(readFileSync(new URL(name, dist)), { level: 9 }).length;

function files(manifest, key, seen = new Set()) {
  if (seen.has(key)) return [];
  seen.add(key);
  const chunk = manifest[key];
  return [chunk.file, ...(chunk.css ?? []), ...(chunk.imports ?? []).flatMap((next) => files(manifest, next, seen))];
}

/** What has come before a part that is loaded later: what all that ask for it have themselves. */
function before(manifest, key) {
  const asking = Object.keys(manifest).filter((one) => manifest[one].dynamicImports?.includes(key));
  return asking.map((one) => new Set(files(manifest, one))).reduce((all, next) => all.intersection(next));
}

/** What each screen of a language loads: the first ones with the shell, the others beside what is there by then. */
function screens(name) {
  const manifest = JSON.parse(readFileSync(new URL(`.vite/${name}`, dist), 'utf8'));
  return Object.keys(manifest)
    .filter((key) => manifest[key].isDynamicEntry)
    .map((key) => {
      const own = new Set(files(manifest, key));
      const there = before(manifest, key);
      const page = key.split('/').pop();
      return ['sign-in.tsx', 'home.tsx'].includes(page)
        ? { name: `first screen with ${page}`, limit: '60 kB', path: [...own.union(there)] }
        : { name: `route ${page}`, limit: '25 kB', path: [...own.difference(there)] };
    })
    .map((screen) => ({ ...screen, size: screen.path.reduce((sum, file) => sum + gzipped(file), 0) }));
}

const largest = new Map();
for (const name of readdirSync(new URL('.vite/', dist))) {
  for (const screen of screens(name)) {
    if (!(largest.get(screen.name)?.size >= screen.size))
      largest.set(screen.name, { ...screen, locale: name.slice(0, 2) });
  }
}

export default [...largest.values()].map(({ name, locale, limit, path }) => ({
  name: `${name} (${locale})`,
  limit,
  path: path.map((file) => `dist/${file}`),
  gzip: true,
}));
