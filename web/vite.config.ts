import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const backend = process.env.LOKUM_API ?? 'http://127.0.0.1:8080';

const LEDGER = /messages[\\/](allocation|charge|entry|explain|payment|purpose|role|type|unit)_|(words|roles)\.ts/;

export default defineConfig({
  plugins: [preact()],
  build: {
    target: 'es2022',
    // The strict content security policy allows neither inline scripts nor data: addresses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
    rolldownOptions: {
      output: {
        // Texts and parts that many pages share would otherwise become dozens of files of 200 bytes.
        codeSplitting: {
          groups: [
            {
              name: 'bank',
              test: /messages[\\/](bank|candidate|file|import|reason)_|bank-codes/,
              minShareCount: 2,
              priority: 2,
            },
            { name: 'ledger', test: LEDGER, minShareCount: 2, priority: 2 },
            {
              name: 'common',
              test: /src[\\/](ui|api|i18n|session|theme|paraglide)[\\/]/,
              minShareCount: 3,
              priority: 1,
            },
          ],
        },
      },
    },
  },
  server: { host: '127.0.0.1', proxy: { '/api': backend } },
});
