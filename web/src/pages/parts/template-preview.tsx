import { useState } from 'preact/hooks';
import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import type { ChannelOffer, NoticePreview, NoticeTemplate } from '../../api/types';
import { number } from '../../i18n/format';
import { LANGUAGE_NAMES, LOCALES, type Locale } from '../../i18n/languages';
import { locale } from '../../i18n/locale';
import { channelName } from '../../i18n/notice-channels';
import { AUDIENCES, ladderText, natureText } from '../../i18n/template-words';
import { m } from '../../paraglide/messages.js';
import { Facts } from '../../ui/facts';
import { LoadedPart } from '../../ui/loaded';
import { Select } from './select';
import { TemplateLetter } from './template-letter';
import { TemplateTest } from './template-test';
import '../../styles/templates.css';

type Channel = ChannelOffer['channel'];

/** A kind of message: what it is, how it reads in each language on each of its channels, and a test of it. */
export default function TemplatePreview({ template }: { template: NoticeTemplate }) {
  const channels = template.ladder.flat();
  const [channel, setChannel] = useState<Channel>(channels[0] ?? 'email');
  const [language, setLanguage] = useState<Locale>(locale.value);
  const params = { path: { kind: template.kind }, query: { locale: language } };
  const preview = useResource(`template ${template.kind} ${language}`, () =>
    unwrap(api.GET('/notification-templates/{kind}', { params })),
  );
  return (
    <>
      <Facts
        items={[
          { label: m.template_nature(), value: natureText(template) },
          { label: m.template_to(), value: AUDIENCES[template.to]() },
          { label: m.template_ladder(), value: ladderText(template) },
        ]}
      />
      <section class="section" aria-labelledby="preview">
        <h2 id="preview">{m.template_preview()}</h2>
        <p class="hint">{m.template_preview_hint()}</p>
        <div class="fields fields-two no-print">
          <Language value={language} onChange={setLanguage} />
          <Select
            label={m.template_channel()}
            value={channel}
            options={channels.map((value) => ({ value, label: channelName(value) }))}
            onChange={(value) => setChannel(value as Channel)}
          />
        </div>
        <LoadedPart of={preview} lines={6}>
          {(shown) => <Shown preview={shown} channel={channel} />}
        </LoadedPart>
      </section>
      <TemplateTest
        send={() => {
          const asked = { params: { path: { kind: template.kind } }, body: { locale: language } };
          return unwrap(api.POST('/notification-templates/{kind}/test', asked));
        }}
      />
    </>
  );
}

/** Languages are named in themselves, as everywhere. */
function Language({ value, onChange }: { value: Locale; onChange: (language: Locale) => void }) {
  return (
    <div class="field">
      <label for="template-language">{m.notify_locale()}</label>
      <select
        id="template-language"
        class="control"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value as Locale)}
      >
        {LOCALES.map((one) => (
          <option key={one} value={one} lang={one}>
            {LANGUAGE_NAMES[one]}
          </option>
        ))}
      </select>
    </div>
  );
}

/** The message as the channel shows it. */
function Shown({ preview, channel }: { preview: NoticePreview; channel: Channel }) {
  if (channel === 'email') return <TemplateLetter preview={preview} />;
  if (channel === 'sms') return <Sms sms={preview.sms} language={preview.locale} />;
  return (
    <>
      {channel === 'whatsapp' && <p class="muted">{m.template_whatsapp()}</p>}
      <div class="message" lang={preview.locale} data-testid="message">
        {channel !== 'whatsapp' && <strong>{preview.subject}</strong>}
        <p>{preview.short}</p>
        {channel !== 'push' && <p>{preview.link}</p>}
      </div>
    </>
  );
}

function Sms({ sms, language }: { sms: NoticePreview['sms']; language: string }) {
  return (
    <>
      <div class="message" lang={language} data-testid="message">
        <p>{sms.text}</p>
      </div>
      <Facts
        items={[
          { label: m.template_sms_letters(), value: number([...sms.text].length) },
          { label: m.template_sms_parts(), value: <span data-testid="sms-parts">{number(sms.parts)}</span> },
          {
            label: m.template_sms_alphabet(),
            value: sms.encoding === 'GSM' ? m.template_sms_gsm() : m.template_sms_wide(),
          },
        ]}
      />
    </>
  );
}
