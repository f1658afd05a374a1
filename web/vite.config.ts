import preact from '@preact/preset-vite';
import { defineConfig } from 'vite';

const backend = process.env.LOKUM_API ?? 'http://127.0.0.1:8080';

export default defineConfig({
  plugins: [preact()],
  build: {
    target: 'es2022',
    // The strict content security policy allows neither inline scripts nor data: addresses.
    modulePreload: { polyfill: false },
    assetsInlineLimit: 0,
    manifest: true,
  },
  server: { host: '127.0.0.1', proxy: { '/api': backend } },
});
