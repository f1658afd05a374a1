import { readFileSync, renameSync, rmSync } from 'node:fs';
import preact from '@preact/preset-vite';
import { defineConfig, minify, type Plugin } from 'vite';
import { LOCALES } from './src/i18n/languages';

const backend = process.env.LOKUM_API ?? 'http://127.0.0.1:8080';
const ENTRY = 'src/main.tsx';
// Made beside the site that is served meanwhile, which it replaces in the end.
const NEW = 'dist.new';
const manifest = (locale: string) => `.vite/${locale}.json`;

const RUNTIME = /paraglide[\\/]runtime\.js$/;
const TEXT = /paraglide[\\/]messages[\\/](?!_index)\w+\.js$/;
const OPEN = 'experimentalStaticLocale = undefined';

/** Leaves one language in the files of an environment, which bears its name. */
function oneLanguage(): Plugin {
  return {
    name: 'one-language',
    apply: 'build',
    transform: {
      filter: { id: [RUNTIME, TEXT] },
      async handler(code, id) {
        const name = `'${this.environment.name}'`;
        if (RUNTIME.test(id)) {
          if (!code.includes(OPEN)) throw new Error('the texts know no language of a build any more');
          return code.replace(OPEN, `experimentalStaticLocale = ${name}`);
        }
        // What the other languages say goes before files are divided by their size.
        const runtime = /^import .* from '..\/runtime.js';$/m;
        const fixed = `const experimentalStaticLocale = ${name}, getLocale = () => ${name};`;
        return (await minify(id, code.replace(runtime, fixed), { module: true })).code;
      },
    },
  };
}

/** Names the files of all languages in the page; its own script takes one. Styles are the same in all of them. */
function allLanguages(): Plugin {
  return {
    name: 'all-languages',
    apply: 'build',
    transformIndexHtml: {
      order: 'post',
      handler() {
        const entries = LOCALES.map((locale) => {
          const entry = JSON.parse(readFileSync(`${NEW}/${manifest(locale)}`, 'utf8'))[ENTRY];
          // The service worker keeps what the page names.
          if (entry.imports) throw new Error(`the shell is no single file: ${entry.imports}`);
          return { locale, file: `/${entry.file}`, css: entry.css as string[] };
        });
        const styles = [...new Set(entries.flatMap(({ css }) => css))];
        return [
          ...entries.map(({ locale, file }) => ({ tag: 'meta', attrs: { name: `site-${locale}`, content: file } })),
          ...styles.map((file) => ({ tag: 'link', attrs: { rel: 'stylesheet', href: `/${file}` } })),
        ].map((tag) => ({ ...tag, injectTo: 'head' as const }));
      },
    },
  };
}

const language = (locale: string) => ({
  consumer: 'client' as const,
  build: {
    manifest: manifest(locale),
    copyPublicDir: false,
    rolldownOptions: {
      input: ENTRY,
      output: {
        entryFileNames: `assets/${locale}/[name]-[hash].js`,
        chunkFileNames: ({ name }: { name: string }) => `assets/${locale}/${name.split('~')[0]}-[hash].js`,
        assetFileNames: 'assets/[name]-[hash][extname]',
        codeSplitting: {
          groups: [
            { name: 'shell', tags: ['$initial' as const], priority: 1 },
            // What pages share, by the pages that share it; less than some 400 bytes is no file of its own.
            { name: 'shared', minShareCount: 2, entriesAware: true, entriesAwareMergeThreshold: 400 },
          ],
        },
      },
    },
  },
});

export default defineConfig(({ command }) => ({
  plugins: [preact(), oneLanguage(), allLanguages()],
  build: {
    target: 'es2022',
    outDir: NEW,
    emptyOutDir: false,
    // The strict content security policy allows neither inline scripts nor data: addresses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    reportCompressedSize: false,
  },
  environments: command === 'build' ? Object.fromEntries(LOCALES.map((locale) => [locale, language(locale)])) : {},
  builder: {
    async buildApp({ environments, build }) {
      rmSync(NEW, { recursive: true, force: true });
      await Promise.all(LOCALES.flatMap((locale) => environments[locale] ?? []).map(build));
      if (environments.client) await build(environments.client);
      rmSync('dist', { recursive: true, force: true });
      renameSync(NEW, 'dist');
    },
  },
  // The page's script does not say what it will load.
  optimizeDeps: { entries: ENTRY },
  server: { host: '127.0.0.1', proxy: { '/api': backend } },
}));
