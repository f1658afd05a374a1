// The script of the page, and the only one that all languages share: it loads the site in the reader's language.
import { firstLocale } from './i18n/languages';

const built = document.querySelector<HTMLMetaElement>(`meta[name=site-${firstLocale()}]`);
void import(/* @vite-ignore */ built?.content ?? '/src/main.tsx');
