import { render } from 'preact';
import { App } from './app';
import { locale } from './i18n/locale';
import { loadSession } from './session/session';
import './styles/base.css';
import './styles/layout.css';
import './styles/forms.css';
import './styles/content.css';
import './styles/tables.css';
import './styles/large-text.css';
import './styles/print.css';
import { wearTheme } from './theme/theme';

wearTheme();
void loadSession();
const root = document.getElementById('app');
if (root) render(<App />, root);

if (import.meta.env.PROD && 'serviceWorker' in navigator) {
  void navigator.serviceWorker.register(`/sw.js?locale=${locale.value}`).catch(() => undefined);
}
