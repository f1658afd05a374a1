import { useId } from 'preact/hooks';
import { LANGUAGE_NAMES, LOCALES, type Locale } from '../i18n/languages';
import { chooseLocale, locale } from '../i18n/locale';
import { m } from '../paraglide/messages.js';
import { type Appearance, appearance, chooseAppearance } from '../theme/theme';

/** Language and look of this device: on every page, before and after signing in. */
export function Settings() {
  const id = useId();
  const looks: Record<Appearance, string> = {
    device: m.appearance_device(),
    light: m.appearance_light(),
    dark: m.appearance_dark(),
  };
  return (
    <div class="settings">
      <div class="setting">
        <label for={`${id}-language`}>{m.settings_language()}</label>
        <select
          id={`${id}-language`}
          class="control"
          value={locale.value}
          onChange={(event) => chooseLocale(event.currentTarget.value as Locale)}
        >
          {LOCALES.map((one) => (
            <option key={one} value={one} lang={one}>
              {LANGUAGE_NAMES[one]}
            </option>
          ))}
        </select>
      </div>
      <div class="setting">
        <label for={`${id}-look`}>{m.settings_appearance()}</label>
        <select
          id={`${id}-look`}
          class="control"
          value={appearance.value}
          onChange={(event) => chooseAppearance(event.currentTarget.value as Appearance)}
        >
          {Object.entries(looks).map(([value, label]) => (
            <option key={value} value={value}>
              {label}
            </option>
          ))}
        </select>
      </div>
    </div>
  );
}
