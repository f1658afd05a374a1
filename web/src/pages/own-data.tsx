import { useState } from 'preact/hooks';
import { api, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import { useResource } from '../api/resource';
import type { Contact } from '../api/types';
import { tag } from '../i18n/format';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { type Errors, Field, Form, Submit, useForm } from '../ui/form';
import { LoadedPage } from '../ui/loaded';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { looksLikeEmail } from './parts/checks';
import { COUNTRIES } from './parts/countries';

export default function OwnData() {
  const contact = useResource('contact', () => unwrap(api.GET('/me/contact')));
  return (
    <LoadedPage of={contact} title={m.nav_own_data()}>
      {(loaded) => <Loaded contact={loaded} />}
    </LoadedPage>
  );
}

/** The contact data as one flat form. */
interface Draft {
  first_name: string;
  last_name: string;
  phone: string;
  email: string;
  street: string;
  postal_code: string;
  city: string;
  country: string;
}

function draftOf(contact: Contact): Draft {
  const { first_name, last_name, phone, email, address } = contact;
  return {
    first_name,
    last_name,
    phone,
    email,
    street: address.street ?? '',
    postal_code: address.postal_code ?? '',
    city: address.city ?? '',
    country: address.country ?? '',
  };
}

function countryOptions(current: string): { value: string; label: string }[] {
  const names = new Intl.DisplayNames([tag()], { type: 'region' });
  const codes = current && !COUNTRIES.includes(current) ? [current, ...COUNTRIES] : COUNTRIES;
  const options = codes.map((value) => ({ value, label: names.of(value) ?? value }));
  options.sort((one, other) => one.label.localeCompare(other.label, tag()));
  return current ? options : [{ value: '', label: '–' }, ...options];
}

function Loaded({ contact }: { contact: Contact }) {
  const [current, setCurrent] = useState(contact);
  const [saved, setSaved] = useState(0);
  // Somebody was faster: the form shows what stands now, and the refusal says why.
  const showWhatStands = async () => {
    const now = await unwrap(api.GET('/me/contact'));
    setCurrent(now);
    form.reset(draftOf(now));
  };
  const form = useForm(draftOf(contact), {
    check: ({ email, last_name }) => {
      const errors: Errors = {};
      if (!last_name.trim() && !current.company) errors.last_name = m.code_missing_name;
      if (!looksLikeEmail(email)) errors.email = m.email_wanted;
      return errors;
    },
    send: async ({ street, postal_code, city, country, ...person }) => {
      const address = { street, postal_code, city, country };
      const answer = await unwrap(
        api.PATCH('/me/contact', { body: { ...person, address, version: current.version } }),
      ).catch(async (error) => {
        if (Problem.of(error).code === 'contact_changed_meanwhile') await showWhatStands();
        throw error;
      });
      setCurrent(answer);
      form.reset(draftOf(answer));
      setSaved((count) => count + 1);
    },
  });
  const { name } = currentMe().organisation;
  return (
    <Page title={m.nav_own_data()} lead={m.own_data_lead({ organisation: name })}>
      {saved > 0 && !form.busy && Object.keys(form.errors).length === 0 && !form.general && (
        <Notice key={saved} kind="good" title={m.own_data_saved()} focus testId="saved">
          <p>{m.own_data_saved_text({ organisation: name })}</p>
        </Notice>
      )}
      <Form form={form}>
        <div class="fields fields-two">
          <Field name="first_name" label={m.first_name()} autoComplete="given-name" optional />
          <Field name="last_name" label={m.last_name()} autoComplete="family-name" />
        </div>
        <Field
          name="email"
          label={m.email_label()}
          type="email"
          autoComplete="email"
          inputMode="email"
          hint={m.own_data_email_hint()}
        />
        <Field
          name="phone"
          label={m.phone_label()}
          type="tel"
          autoComplete="tel"
          inputMode="tel"
          optional
          width="medium"
        />
        <Field name="street" label={m.street()} autoComplete="address-line1" optional />
        <div class="fields fields-code">
          <Field name="postal_code" label={m.postal_code()} autoComplete="postal-code" optional />
          <Field name="city" label={m.city()} autoComplete="address-level2" optional />
        </div>
        <Field
          name="country"
          label={m.country()}
          autoComplete="country"
          options={countryOptions(form.values.country)}
          optional
          width="medium"
        />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.save_action()}</Submit>
        </div>
      </Form>
      <ul>
        <li>
          <a href="/own-data/notifications">{m.notice_settings()}</a>
        </li>
        <li>
          <a href="/own-data/password">{m.nav_password()}</a>
        </li>
      </ul>
    </Page>
  );
}
