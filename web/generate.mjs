// Texts and the types of the API from what they are made of, where that has changed since they were made.
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, statSync, utimesSync } from 'node:fs';

const texts = readdirSync('messages').map((name) => `messages/${name}`);
const made = {
  texts: ['src/paraglide/messages.js', 'project.inlang/settings.json', ...texts],
  types: ['src/api/schema.d.ts', 'openapi.json'],
};
const changed = (path) => statSync(path).mtimeMs;

for (const [script, [target, ...sources]] of Object.entries(made)) {
  const newest = Math.max(...[...sources, 'package-lock.json', 'package.json'].map(changed));
  if (!existsSync(target) || changed(target) <= newest) {
    execFileSync('npm', ['run', '--silent', script], { stdio: 'inherit' });
    utimesSync(target, new Date(), new Date()); // what came out the same is not written
  }
}
