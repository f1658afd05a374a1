import { useEffect, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { Contract } from '../api/types';
import { contractTypeText } from '../i18n/contract-types';
import { grouped, number } from '../i18n/format';
import { roleText } from '../i18n/roles';
import { m } from '../paraglide/messages.js';
import { isStaff } from '../session/session';
import { Facts } from '../ui/facts';
import { LoadedPage } from '../ui/loaded';
import { DateText, Money } from '../ui/money';
import { Page } from '../ui/page';
import { contractName } from './parts/names';

export default function ContractPage() {
  const contract_id = useRoute().params.contract_id ?? '';
  const contract = useResource(`contract ${contract_id}`, () =>
    unwrap(api.GET('/contracts/{contract_id}', { params: { path: { contract_id } } })),
  );
  return (
    <LoadedPage of={contract} title={m.contract_title_plain()}>
      {(loaded) => <Loaded contract={loaded} />}
    </LoadedPage>
  );
}

/** The browser looked for the part named in the address before it was there. */
function useJump() {
  const { url } = useLocation();
  useEffect(() => {
    if (location.hash) document.getElementById(location.hash.slice(1))?.scrollIntoView();
  }, [url]);
}

function Loaded({ contract }: { contract: Contract }) {
  useJump();
  const { adviser, unit } = contract;
  return (
    <Page
      title={m.contract_title({ number: contract.number })}
      above={contractName(contract)}
      actions={
        <>
          <a class="button button-main" href={`/accounts/${contract.contract_id}`}>
            {m.home_see_account()}
          </a>
          {!isStaff() && (
            <a class="button" href={`/tickets/new?contract=${contract.contract_id}`}>
              {m.home_report()}
            </a>
          )}
        </>
      }
    >
      <Facts
        items={[
          { label: m.contract_type(), value: contractTypeText(contract.type) },
          { label: m.contract_date(), value: <DateText on={contract.starts_on} /> },
          {
            label: m.contract_until(),
            value: contract.ends_on ? <DateText on={contract.ends_on} /> : m.contract_open_ended(),
          },
          { label: m.contract_landlord(), value: contract.landlord },
          { label: m.contract_value(), value: <Money minor={contract.value} currency={contract.currency} /> },
          {
            label: m.contract_debt(),
            value: (
              <Money minor={contract.current_debt} currency={contract.currency} strong={contract.current_debt > 0} />
            ),
          },
          { label: m.contract_community(), value: contract.community.name },
          !!contract.holders?.length && {
            label: m.contract_holders(),
            value: (
              <ul>
                {contract.holders.map((holder) => (
                  <li key={`${holder.person_id} ${holder.role} ${holder.starts_on}`}>
                    <a href={`/people/${holder.person_id}`}>{holder.name}</a> ({roleText(holder.role)})
                  </li>
                ))}
              </ul>
            ),
          },
        ]}
      />
      <HowToPay contract={contract} />
      {unit && (
        <section class="section" aria-labelledby="unit">
          <h2 id="unit">{m.unit_title()}</h2>
          <Facts
            items={[
              { label: m.unit_label(), value: unit.label },
              !!unit.address && { label: m.unit_address(), value: unit.address },
              !!unit.property && { label: m.unit_property(), value: unit.property },
              !!unit.floor_area_m2 && {
                label: m.unit_area(),
                value: m.unit_area_m2({ area: number(unit.floor_area_m2) }),
              },
              !!unit.state && { label: m.unit_state(), value: unit.state },
            ]}
          />
          {isStaff() && (
            <p>
              <a href={`/meter-list?unit_id=${unit.unit_id}`}>{m.reading_see_unit()}</a>
            </p>
          )}
        </section>
      )}
      {adviser && (
        <section class="section" aria-labelledby="adviser">
          <h2 id="adviser">{m.contract_adviser()}</h2>
          <Facts
            items={[
              { label: m.person_name(), value: adviser.name },
              !!adviser.email && {
                label: m.email_label(),
                value: <a href={`mailto:${adviser.email}`}>{adviser.email}</a>,
              },
              !!adviser.phone && {
                label: m.phone_label(),
                value: <a href={`tel:${adviser.phone}`}>{adviser.phone}</a>,
              },
            ]}
          />
        </section>
      )}
    </Page>
  );
}

const REFERENCE_LABELS: Record<Contract['payment_references'][number]['kind'], () => string> = {
  mass_payment_id: m.reference_mass_payment_id,
  virtual_account: m.reference_virtual_account,
  kid: m.reference_kid,
  rf: m.reference_rf,
};

function HowToPay({ contract }: { contract: Contract }) {
  const references = contract.payment_references;
  return (
    <section class="section" id="how-to-pay" aria-labelledby="how-to-pay-title">
      <h2 id="how-to-pay-title">{m.home_how_to_pay()}</h2>
      <p>{references.length > 0 ? m.pay_with_reference() : m.pay_with_number({ number: contract.number })}</p>
      {references.length > 0 && (
        <Facts
          items={references.map(({ kind, value }) => ({
            label: REFERENCE_LABELS[kind](),
            value: <Copyable text={value} />,
          }))}
        />
      )}
    </section>
  );
}

function Copyable({ text }: { text: string }) {
  const [copied, setCopied] = useState(false);
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  return (
    <span class="copyable">
      <span class="account-number">{grouped(text)}</span>
      {'clipboard' in navigator && (
        <button type="button" class="button button-quiet no-print" onClick={() => void copy()}>
          {m.copy_action()}
          <span class="hidden"> {text}</span>
        </button>
      )}
      <span role="status" class="muted small">
        {copied ? m.copied() : ''}
      </span>
    </span>
  );
}
