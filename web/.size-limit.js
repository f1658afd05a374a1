// Budgets: the first screen (shell with the larger of sign-in and home) and each further route, gzip, JS and CSS together.
import { readFileSync } from 'node:fs';

const manifest = JSON.parse(readFileSync(new URL('./dist/.vite/manifest.json', import.meta.url), 'utf8'));

function files(key, seen = new Set()) {
  if (seen.has(key)) return [];
  seen.add(key);
  const chunk = manifest[key];
  return [chunk.file, ...(chunk.css ?? []), ...(chunk.imports ?? []).flatMap((next) => files(next, seen))];
}

const path = (names) => [...new Set(names)].map((name) => `dist/${name}`);
const entry = Object.keys(manifest).find((key) => manifest[key].isEntry);
const shell = new Set(files(entry));
const routes = Object.keys(manifest).filter((key) => manifest[key].isDynamicEntry);
const first = ['sign-in', 'home'];
const isFirst = (key) => first.some((name) => key.endsWith(`/${name}.tsx`));

export default [
  ...routes.filter(isFirst).map((key) => ({
    name: `first screen with ${key.split('/').pop()}`,
    path: path([...shell, ...files(key)]),
    limit: '60 kB',
  })),
  ...routes
    .filter((key) => !isFirst(key))
    .map((key) => ({
      name: `route ${key.split('/').pop()}`,
      path: path(files(key).filter((name) => !shell.has(name))),
      limit: '25 kB',
    })),
].map((check) => ({ ...check, gzip: true }));
