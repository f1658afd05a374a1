import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import { money } from '../../i18n/format';
import { m } from '../../paraglide/messages.js';
import { PayUnderWay } from './pay-under-way';

/** The way to pay an account online, where that is possible, and what is under way there. An offer: where it does not come, nothing is said. */
export default function PayEntry({ contract_id }: { contract_id: string }) {
  const loaded = useResource(`pay ${contract_id}`, () =>
    unwrap(api.GET('/payment-options', { params: { query: { contract_id } } })),
  );
  if (loaded.state !== 'ready') return null;
  const { due, currency, providers, under_way } = loaded.data;
  const ahead = providers.some((one) => one.part_payment);
  return (
    <>
      {under_way.map((attempt) => (
        <PayUnderWay key={attempt.payment_id} attempt={attempt} currency={currency} />
      ))}
      {providers.length > 0 && (due > 0 || ahead) && (
        <p class="form-actions no-print">
          <a
            class={due > 0 ? 'button button-main' : 'button'}
            href={`/accounts/${contract_id}/pay`}
            data-testid="pay-online"
          >
            {due > 0 ? m.pay_online_amount({ amount: money(due, currency) }) : m.pay_title()}
          </a>
        </p>
      )}
    </>
  );
}
