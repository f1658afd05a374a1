import { useState } from 'preact/hooks';
import { useLocation } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { PaymentProvider } from '../api/types';
import '../i18n/online-codes';
import { PROVIDER_NAMES } from '../i18n/pay-words';
import { m } from '../paraglide/messages.js';
import { currentMe } from '../session/session';
import { Status } from '../ui/facts';
import { later } from '../ui/later';
import { LoadedPage } from '../ui/loaded';
import { NotFound } from '../ui/not-found';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { OnlineTabs } from './parts/online-tabs';
import { fieldLabel, missingFields } from './parts/provider-words';
import '../styles/desk.css';
import '../styles/tickets.css';

const ProviderForm = later(() => import('./parts/provider-form'), 6);

export default function PaymentProviders() {
  return currentMe().roles.includes('administrator') ? <Loaded /> : <NotFound />;
}

function Loaded() {
  const { query } = useLocation();
  const [saved, setSaved] = useState<{ provider: PaymentProvider; said: string }[]>([]);
  const loaded = useResource('payment providers', () => unwrap(api.GET('/payment-providers')));
  return (
    <LoadedPage of={loaded} title={m.provider_title()}>
      {({ providers }) => {
        // What was saved last is how it stands.
        const all = providers.map(
          (one) => saved.findLast(({ provider }) => provider.provider === one.provider)?.provider ?? one,
        );
        const shown = all.find((one) => one.provider === query.provider);
        if (!shown) return <List providers={all} />;
        const last = saved.at(-1);
        return (
          <Page
            key={shown.provider}
            title={m.provider_one({ provider: PROVIDER_NAMES[shown.provider] })}
            above={<a href="/payment-providers">{m.provider_all()}</a>}
            lead={<State provider={shown} />}
          >
            {last?.provider.provider === shown.provider && (
              <Notice key={saved.length} kind="good" title={last.said} focus testId="saved" />
            )}
            {!!shown.refused && (
              <Notice kind="warning" title={m.provider_refused({ count: shown.refused })} testId="messages-refused">
                <p>{m.provider_refused_text({ provider: PROVIDER_NAMES[shown.provider] })}</p>
              </Notice>
            )}
            <ProviderForm
              key={`${shown.provider} ${shown.version} ${shown.former_secret_lives}`}
              provider={shown}
              onSaved={(provider, said) => setSaved([...saved, { provider, said }])}
              onReload={() => {
                setSaved([]);
                loaded.reload();
              }}
            />
          </Page>
        );
      }}
    </LoadedPage>
  );
}

function List({ providers }: { providers: PaymentProvider[] }) {
  return (
    <Page title={m.provider_title()} lead={m.provider_lead()}>
      <OnlineTabs at="providers" />
      <ul class="plain-rows">
        {providers.map((one) => (
          <li key={one.provider} data-testid="provider-row" data-provider={one.provider}>
            <span>
              <a class="row-link" href={`/payment-providers?provider=${one.provider}`}>
                {m.provider_one({ provider: PROVIDER_NAMES[one.provider] })}
              </a>
              <span class="note">{m.provider_currencies({ currencies: one.currencies.join(', ') })}</span>
            </span>
            <State provider={one} />
          </li>
        ))}
      </ul>
    </Page>
  );
}

/** Whether a provider is on, and what it still needs before it can be. */
function State({ provider }: { provider: PaymentProvider }) {
  const missing = missingFields(provider);
  if (provider.enabled) return <Status kind="good">{m.provider_on()}</Status>;
  if (missing.length === 0) return <Status kind="off">{m.provider_off()}</Status>;
  return <Status kind="off">{m.provider_missing({ what: missing.map(fieldLabel).join(', ') })}</Status>;
}
