import { useId, useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { Problem } from '../../api/problem';
import type { ChannelOffer, NoticeWishes } from '../../api/types';
import { LANGUAGE_NAMES, LOCALES } from '../../i18n/languages';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Check } from '../../ui/choices';
import { type Errors, Field, Form, type FormState, Submit, useForm } from '../../ui/form';
import { Notice } from '../../ui/notice';
import { NotifyTable } from './notify-table';

/** The wishes as one form; without a digest its hour is only what would be proposed. */
interface Draft extends Pick<NoticeWishes, 'muted' | 'quiet_from' | 'quiet_to'> {
  digest: boolean;
  digest_at: string;
  /** Empty: that of the register. */
  locale: string;
  time_zone: string;
}

const EVENING = '18:00';
const HOUR = /^\d{2}:\d{2}$/;

const draftOf = (wishes: NoticeWishes): Draft => ({
  muted: wishes.muted,
  quiet_from: wishes.quiet_from,
  quiet_to: wishes.quiet_to,
  digest: wishes.digest_at !== null,
  digest_at: wishes.digest_at ?? EVENING,
  locale: wishes.own_locale ? wishes.locale : '',
  time_zone: wishes.time_zone,
});

function check({ quiet_from, quiet_to, digest, digest_at }: Draft): Errors {
  const hours = { quiet_from, quiet_to, ...(digest && { digest_at }) };
  const wrong = Object.entries(hours).filter(([, hour]) => !HOUR.test(hour));
  return Object.fromEntries(wrong.map(([name]) => [name, m.notify_hour_wanted]));
}

interface Props {
  wishes: NoticeWishes;
  /** The channels that can be chosen among. */
  channels: ChannelOffer['channel'][];
}

/** What comes by which channel, when it rings, and in which language. */
export function NotifyWishes({ wishes, channels }: Props) {
  const [current, setCurrent] = useState(wishes);
  const [saved, setSaved] = useState(0);
  const put = (now: NoticeWishes) => {
    setCurrent(now);
    form.reset(draftOf(now));
  };
  const form = useForm(draftOf(wishes), {
    check,
    send: async ({ muted, quiet_from, quiet_to, digest, digest_at, locale, time_zone }) => {
      const body = {
        muted,
        quiet_from,
        quiet_to,
        digest_at: digest ? digest_at : null,
        locale: (locale || null) as NoticeWishes['locale'] | null,
        // The organisation's is not one's own: it follows, should that move.
        time_zone: time_zone === currentMe().organisation.time_zone ? null : time_zone,
        version: current.version,
      };
      const answer = unwrap(api.PATCH('/notifications/preferences', { body }));
      // Somebody was faster, a click in an e-mail perhaps: the form shows what stands now, and the refusal says why.
      const now = await answer.catch(async (error) => {
        if (Problem.of(error).status === 409) put(await unwrap(api.GET('/notifications/preferences')));
        throw error;
      });
      put(now);
      setSaved((count) => count + 1);
    },
  });
  const unsaved = JSON.stringify(form.values) !== JSON.stringify(draftOf(current));
  const failed = Object.keys(form.errors).length > 0 || form.general;
  return (
    <div class="notify-wishes">
      {saved > 0 && !unsaved && !failed && (
        <Notice key={saved} kind="good" title={m.notify_saved()} focus testId="saved" />
      )}
      <Form form={form} label={m.notice_settings()}>
        <section class="section" aria-labelledby="what">
          <h2 id="what">{m.notify_what()}</h2>
          <p class="hint">{m.notify_what_hint()}</p>
          <NotifyTable
            muted={form.values.muted}
            kinds={current.kinds}
            channels={channels}
            onChange={(muted) => form.set('muted', muted)}
          />
        </section>
        <Times form={form} wishes={current} />
        <Language form={form} />
        <div class="form-actions">
          <Submit busy={form.busy}>{m.save_action()}</Submit>
        </div>
      </Form>
    </div>
  );
}

/** The zones to choose among: that of the organisation, of this device, and the one that was chosen. */
function zones({ time_zone }: NoticeWishes): { value: string; label: string }[] {
  const usual = currentMe().organisation.time_zone;
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  const others = [...new Set([here, time_zone])].filter((zone) => zone !== usual);
  return [
    { value: usual, label: m.notify_zone_register({ zone: usual }) },
    ...others.map((zone) => ({ value: zone, label: m.notify_zone_own({ zone }) })),
  ];
}

function Times({ form, wishes }: { form: FormState<Draft>; wishes: NoticeWishes }) {
  return (
    <section class="section" aria-labelledby="when">
      <h2 id="when">{m.notify_when()}</h2>
      <fieldset class="notify-hours">
        <legend class="legend">{m.notify_quiet()}</legend>
        <p class="hint">{m.notify_quiet_hint()}</p>
        <div class="fields fields-two">
          <Field name="quiet_from" label={m.notify_quiet_from()} type="time" width="short" />
          <Field name="quiet_to" label={m.notify_quiet_to()} type="time" width="short" />
        </div>
      </fieldset>
      <Check
        id={`${form.id}-digest`}
        label={m.notify_digest()}
        hint={m.notify_digest_hint()}
        checked={form.values.digest}
        onChange={(digest) => form.set('digest', digest)}
      />
      {form.values.digest && <Field name="digest_at" label={m.notify_digest_at()} type="time" width="short" />}
      <Field name="time_zone" label={m.notify_zone()} options={zones(wishes)} />
    </section>
  );
}

/** Languages are named in themselves, as everywhere. */
function Language({ form }: { form: FormState<Draft> }) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{m.notify_locale()}</label>
      <select
        id={id}
        name="locale"
        class="control control-medium"
        value={form.values.locale}
        onChange={(event) => form.set('locale', event.currentTarget.value)}
      >
        <option value="">{m.notify_locale_register()}</option>
        {LOCALES.map((one) => (
          <option key={one} value={one} lang={one}>
            {LANGUAGE_NAMES[one]}
          </option>
        ))}
      </select>
    </div>
  );
}
