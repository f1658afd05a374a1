import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import type { OnlinePayment } from '../../api/types';
import { PROVIDER_NAMES } from '../../i18n/pay-words';
import { m } from '../../paraglide/messages.js';
import { currentMe, isStaff } from '../../session/session';
import { Facts, PrintButton } from '../../ui/facts';
import { Icon } from '../../ui/icon';
import { LoadedPart } from '../../ui/loaded';
import { DateText, InstantText, Money } from '../../ui/money';
import { contractName } from './names';
import { chargeText, findCharges } from './pay-charges';

async function payerName({ payer_id }: OnlinePayment): Promise<string> {
  const { person } = currentMe();
  if (payer_id === person.person_id) return `${person.first_name} ${person.last_name}`.trim();
  if (!payer_id || !isStaff()) return '';
  const { items } = await unwrap(api.GET('/people/names', { params: { query: { ids: payer_id } } }));
  return items[0]?.name ?? '';
}

/** A confirmation of what was paid, to keep or to print: who paid whom, when, how much and what for. */
export default function PayReceipt({ payment }: { payment: OnlinePayment }) {
  const { payment_id, contract_id, charge_ids } = payment;
  const loaded = useResource(`receipt ${payment_id}`, () =>
    Promise.all([
      unwrap(api.GET('/contracts/{contract_id}', { params: { path: { contract_id } } })),
      findCharges(contract_id, charge_ids),
      payerName(payment),
    ]),
  );
  const { provider, amount, fee, currency, settled_on, refunded, created_at } = payment;
  const { organisation } = currentMe();
  return (
    <section class="section" aria-labelledby="receipt" data-testid="receipt">
      <h2 id="receipt">{m.pay_receipt()}</h2>
      <LoadedPart of={loaded} lines={8}>
        {([contract, charges, payer]) => (
          <>
            <Facts
              items={[
                payer !== '' && { label: m.pay_payer(), value: payer },
                {
                  label: m.pay_recipient(),
                  value: [organisation.name, ...(organisation.theme.header_address ?? [])].filter(Boolean).join(', '),
                },
                { label: m.pay_for(), value: `${contract.number} · ${contractName(contract)}` },
                {
                  label: m.pay_paid_on(),
                  value: settled_on ? <DateText on={settled_on} /> : <InstantText at={created_at} />,
                },
                {
                  label: m.pay_paid_items(),
                  value:
                    charge_ids.length > 0 ? (
                      <ul>
                        {charge_ids.map((id) => (
                          <li key={id}>
                            {[chargeText(charges.get(id)), charges.get(id)?.number].filter(Boolean).join(' · ')}
                          </li>
                        ))}
                      </ul>
                    ) : (
                      m.pay_paid_account()
                    ),
                },
                { label: m.amount(), value: <Money minor={amount} currency={currency} /> },
                // Where the provider adds a fee of its own, only the provider's receipt knows it.
                fee > 0 && { label: m.pay_fee(), value: <Money minor={fee} currency={currency} /> },
                fee > 0 && { label: m.pay_total(), value: <Money minor={amount + fee} currency={currency} strong /> },
                refunded > 0 && { label: m.pay_sent_back(), value: <Money minor={refunded} currency={currency} /> },
                { label: m.pay_provider(), value: PROVIDER_NAMES[provider] },
                { label: m.pay_number(), value: payment_id },
              ]}
            />
            <p class="form-actions">
              <PrintButton>
                <Icon name="print" />
                {m.print_action()}
              </PrintButton>
            </p>
          </>
        )}
      </LoadedPart>
    </section>
  );
}
