import { useEffect, useState } from 'preact/hooks';
import { useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import type { Problem } from '../api/problem';
import { useResource } from '../api/resource';
import type { Account, Charge, Contract, PaymentOptions, StartedPayment } from '../api/types';
import { problemText } from '../i18n/codes';
import { money } from '../i18n/format';
import { PROVIDER_NAMES, type Provider } from '../i18n/pay-words';
import { m } from '../paraglide/messages.js';
import { Confirm } from '../ui/confirm';
import { LoadedPage } from '../ui/loaded';
import { Notice } from '../ui/notice';
import { Page } from '../ui/page';
import { contractName } from './parts/names';
import { findCharges } from './parts/pay-charges';
import { PayForm } from './parts/pay-form';
import { leave } from './parts/pay-leave';
import { PaySum } from './parts/pay-sum';
import { PayUnderWay } from './parts/pay-under-way';
import '../i18n/pay-codes';
import '../styles/tickets.css';

interface Payable {
  options: PaymentOptions;
  contract: Contract;
  account: Account;
  charges: Map<string, Charge>;
}

async function load(contract_id: string): Promise<Payable> {
  const path = { params: { path: { contract_id } } };
  const [options, contract, account] = await Promise.all([
    unwrap(api.GET('/payment-options', { params: { query: { contract_id } } })),
    unwrap(api.GET('/contracts/{contract_id}', path)),
    unwrap(api.GET('/accounts/{contract_id}', path)),
  ]);
  return { options, contract, account, charges: await findCharges(contract_id, Object.keys(options.open_items)) };
}

/** Paying a contract's account: what, how, what it costs, and away to the provider. */
export default function PayPage() {
  const contract_id = useRoute().params.contract_id ?? '';
  const loaded = useResource(`pay ${contract_id}`, () => load(contract_id));
  const [problem, setProblem] = useState<Problem | null>(null);
  const anew = (why: Problem | null) => {
    setProblem(why);
    loaded.reload();
  };
  return (
    <LoadedPage of={loaded} title={m.pay_title()}>
      {(payable) => (
        <Page title={m.pay_title()} above={<a href={`/accounts/${contract_id}`}>{contractName(payable.contract)}</a>}>
          {problem && <Notice kind="warning" title={problemText(problem)} focus testId="stale" />}
          <Pay {...payable} onAnew={anew} />
        </Page>
      )}
    </LoadedPage>
  );
}

/** Where the payer is once a payment was made: asked again, or on his way. */
interface Made {
  at: 'changed' | 'leaving';
  started: StartedPayment;
  provider: Provider;
}

function Pay({
  options,
  account,
  charges,
  onAnew,
}: Omit<Payable, 'contract'> & { onAnew: (why: Problem | null) => void }) {
  const [made, setMade] = useState<Made | null>(null);
  useEffect(() => {
    // The browser's "back" may bring this page as it was left.
    const back = (event: PageTransitionEvent) => event.persisted && onAnew(null);
    window.addEventListener('pageshow', back);
    return () => window.removeEventListener('pageshow', back);
  }, [onAnew]);

  const { due, providers, under_way, currency, contract_id } = options;
  if (made?.at === 'leaving') return <Leaving {...made} />;
  if (made)
    return <Changed {...made} options={options} onGo={() => setMade({ ...made, at: 'leaving' })} onAnew={onAnew} />;
  const transfer = `/contracts/${contract_id}#how-to-pay`;
  const possible = providers.length > 0 && (due > 0 || providers.some((one) => one.part_payment));
  return (
    <>
      {under_way.map((attempt) => (
        <PayUnderWay key={attempt.payment_id} attempt={attempt} currency={currency} />
      ))}
      {due === 0 && (
        <Notice kind="good" title={possible ? m.pay_ahead() : m.pay_nothing()} testId="nothing-due">
          {!possible && <p>{m.pay_nothing_text()}</p>}
        </Notice>
      )}
      {due > 0 && providers.length === 0 && (
        <Notice title={m.pay_no_provider()} testId="no-provider">
          <p>{m.pay_no_provider_text()}</p>
        </Notice>
      )}
      {possible && due > 0 && account.credit > 0 && (
        <p data-testid="credit">{m.pay_credit({ amount: money(account.credit, currency) })}</p>
      )}
      {possible && (
        <PayForm
          options={options}
          charges={charges}
          onChanged={(started, provider) => setMade({ at: 'changed', started, provider })}
          onLeaving={(started, provider) => setMade({ at: 'leaving', started, provider })}
          onStale={onAnew}
        />
      )}
      <p>
        <a href={transfer}>{m.pay_by_transfer()}</a>
      </p>
    </>
  );
}

interface ChangedProps extends Made {
  options: PaymentOptions;
  onGo: () => void;
  onAnew: (why: Problem | null) => void;
}

/** The sums that the payment has, where they are not those that were shown. */
function Changed({ started, provider, options, onGo, onAnew }: ChangedProps) {
  const { amount, fee, currency, redirect } = started;
  const option = options.providers.find((one) => one.provider === provider);
  return (
    <>
      <Notice kind="warning" title={m.pay_changed()} focus testId="changed">
        <p>{m.pay_changed_text()}</p>
      </Notice>
      {option && <PaySum amount={amount} fee={fee} currency={currency} option={option} />}
      <Confirm
        action={m.pay_action({ amount: money(amount + fee, currency) })}
        onAction={() => {
          leave(redirect);
          onGo();
        }}
        busy={false}
        cancel={m.pay_choose_anew()}
        onCancel={() => onAnew(null)}
      />
    </>
  );
}

/** While the provider's page is loading, and where it does not come. */
function Leaving({ started, provider }: Made) {
  const name = PROVIDER_NAMES[provider];
  return (
    <Notice title={m.pay_leaving({ provider: name })} focus testId="leaving">
      <p>{m.pay_leaving_text()}</p>
      <p class="form-actions">
        <button type="button" class="button" onClick={() => leave(started.redirect)}>
          {m.pay_leave({ provider: name })}
        </button>
        <a class="button button-quiet" href={`/payments/${started.payment_id}`}>
          {m.pay_see()}
        </a>
      </p>
    </Notice>
  );
}
