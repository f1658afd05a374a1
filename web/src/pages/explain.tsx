import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { useLocation, useRoute } from 'preact-iso';
import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { Credit, Explanation, OpenItem } from '../api/types';
import { date, money } from '../i18n/format';
import { purposeText, RULES } from '../i18n/words';
import { m } from '../paraglide/messages.js';
import { PrintButton } from '../ui/facts';
import { Icon } from '../ui/icon';
import { LoadedPage } from '../ui/loaded';
import { Money } from '../ui/money';
import { Page } from '../ui/page';
import { BalanceAmount } from './parts/balance';

export default function Explain() {
  const contract_id = useRoute().params.contract_id ?? '';
  const { query } = useLocation();
  const on = query.on;
  const loaded = useResource(`explain ${contract_id} ${on ?? ''}`, () =>
    Promise.all([
      unwrap(
        api.GET('/accounts/{contract_id}/explain', { params: { path: { contract_id }, query: on ? { on } : {} } }),
      ),
      unwrap(api.GET('/contracts/{contract_id}', { params: { path: { contract_id } } })),
    ]),
  );
  return (
    <LoadedPage of={loaded} title={m.explain_title()}>
      {([explanation, contract]) => <Loaded explanation={explanation} number={contract.number} />}
    </LoadedPage>
  );
}

/** On paper everything is open. */
function useOpenInPrint(root: { current: HTMLElement | null }) {
  useEffect(() => {
    let opened: HTMLDetailsElement[] = [];
    const open = () => {
      opened = [...(root.current?.querySelectorAll('details:not([open])') ?? [])] as HTMLDetailsElement[];
      for (const details of opened) details.open = true;
    };
    const close = () => {
      for (const details of opened) details.open = false;
    };
    window.addEventListener('beforeprint', open);
    window.addEventListener('afterprint', close);
    return () => {
      window.removeEventListener('beforeprint', open);
      window.removeEventListener('afterprint', close);
    };
  }, [root]);
}

function Loaded({ explanation, number }: { explanation: Explanation; number: string }) {
  const { contract_id, currency, on, balance, open_items: items, credits, settled } = explanation;
  const root = useRef<HTMLDivElement>(null);
  useOpenInPrint(root);
  const open = items.reduce((sum, item) => sum + item.open, 0);
  const credit = credits.reduce((sum, one) => sum + one.unallocated, 0);
  return (
    <Page
      title={m.explain_title()}
      above={<a href={`/accounts/${contract_id}`}>{m.account_title({ number })}</a>}
      lead={m.explain_lead()}
      actions={
        <PrintButton>
          <Icon name="print" />
          {m.print_action()}
        </PrintButton>
      }
    >
      <DayPicker on={on} contract_id={contract_id} />
      <div ref={root} class="page">
        <section class="section" aria-labelledby="result">
          <h2 id="result">{m.explain_on({ date: date(on) })}</h2>
          <BalanceAmount minor={balance} currency={currency} />
          <ul class="sum">
            <SumLine label={m.explain_open_sum({ count: items.length })}>{money(open, currency)}</SumLine>
            <SumLine label={m.explain_credit_sum({ count: credits.length })}>{minus(credit, currency)}</SumLine>
            <SumLine label={m.explain_balance()} result>
              {balance < 0 ? minus(-balance, currency) : money(balance, currency)}
            </SumLine>
          </ul>
        </section>
        <Group title={m.explain_open_items()} empty={m.explain_no_open_items()} any={items.length > 0}>
          {items.map((item) => (
            <Item key={item.charge_id} item={item} currency={currency} />
          ))}
        </Group>
        <Group title={m.explain_credits()} empty={m.explain_no_credits()} any={credits.length > 0}>
          {credits.map((one) => (
            <CreditItem key={one.payment_id} credit={one} currency={currency} />
          ))}
        </Group>
        <Group
          title={m.explain_settled()}
          hint={m.explain_settled_hint()}
          empty={m.explain_no_settled()}
          any={settled.length > 0}
        >
          {settled.map((item) => (
            <Item key={item.charge_id} item={item} currency={currency} />
          ))}
        </Group>
      </div>
    </Page>
  );
}

function DayPicker({ on, contract_id }: { on: string; contract_id: string }) {
  const id = useId();
  const { route } = useLocation();
  const [day, setDay] = useState(on);
  return (
    <form
      class="search no-print"
      onSubmit={(event) => {
        event.preventDefault();
        if (day) route(`/accounts/${contract_id}/explain?on=${day}`);
      }}
    >
      <div class="field">
        <label for={id}>{m.explain_day()}</label>
        <input
          id={id}
          class="control"
          type="date"
          name="on"
          min="2000-01-01"
          max="2100-12-31"
          required
          value={day}
          onInput={(event) => setDay(event.currentTarget.value)}
        />
      </div>
      <button type="submit" class="button">
        {m.explain_show()}
      </button>
    </form>
  );
}

interface GroupProps {
  title: string;
  hint?: string;
  empty: string;
  any: boolean;
  children: ComponentChildren;
}

function Group({ title, hint, empty, any, children }: GroupProps) {
  const id = useId();
  return (
    <section class="section" aria-labelledby={id}>
      <h2 id={id}>{title}</h2>
      {hint && any && <p class="muted">{hint}</p>}
      {any ? <ul class="opens">{children}</ul> : <p class="muted">{empty}</p>}
    </section>
  );
}

interface LineProps {
  label: string;
  note?: string;
  result?: boolean;
  children: ComponentChildren;
}

function SumLine({ label, note, result, children }: LineProps) {
  return (
    <li class={result ? 'sum-result' : undefined}>
      <span>{label}</span>
      <span class="money">{children}</span>
      {note && <span class="sum-note">{note}</span>}
    </li>
  );
}

/** A typographic minus, so that it lines up with the digits and is read as one. */
function minus(amount: number, currency: string): string {
  return amount === 0 ? money(0, currency) : `−${money(amount, currency)}`;
}

/** What a payment took off a charge; money that went back is added to it again. */
function taken(amount: number, currency: string): string {
  return amount < 0 ? `+${money(-amount, currency)}` : minus(amount, currency);
}

function Item({ item, currency }: { item: OpenItem; currency: string }) {
  const paid = item.amount - item.open;
  return (
    <li data-testid="explain-item">
      <details>
        <summary>
          <span class="opens-name">
            {m.explain_item_name({ purpose: purposeText(item.purpose), number: item.number })}
          </span>
          <Money minor={item.open > 0 ? item.open : item.amount} currency={currency} strong />
          <Icon name="down" />
          <span class="opens-note">
            {item.open === 0
              ? m.explain_item_paid({ date: date(item.due_date) })
              : paid > 0
                ? m.explain_item_part({
                    date: date(item.due_date),
                    paid: money(paid, currency),
                    amount: money(item.amount, currency),
                  })
                : m.explain_item_unpaid({ date: date(item.due_date) })}
          </span>
        </summary>
        <ul class="sum">
          <SumLine label={m.explain_charged_on({ date: date(item.date) })}>{money(item.amount, currency)}</SumLine>
          {item.allocated.map((part, index) => (
            <SumLine
              key={`${part.payment_id} ${index}`}
              label={paymentName(part.reference, part.value_date)}
              note={RULES[part.rule]()}
            >
              {taken(part.amount, currency)}
            </SumLine>
          ))}
          <SumLine label={m.explain_still_open()} result>
            {money(item.open, currency)}
          </SumLine>
        </ul>
      </details>
    </li>
  );
}

function paymentName(reference: string, value_date: string | null): string {
  if (value_date === null) return m.explain_earlier_payments();
  return reference
    ? m.explain_payment_named({ date: date(value_date), reference })
    : m.explain_payment({ date: date(value_date) });
}

function usedName(part: Credit['used'][number]): string {
  if (part.charge_id) return m.explain_used_for({ number: part.number });
  return part.rule === 'refunded' ? m.entry_refund() : m.explain_used_earlier();
}

function CreditItem({ credit, currency }: { credit: Credit; currency: string }) {
  return (
    <li data-testid="explain-credit">
      <details>
        <summary>
          <span class="opens-name">{paymentName(credit.reference, credit.value_date)}</span>
          <Money minor={credit.unallocated} currency={currency} strong />
          <Icon name="down" />
          <span class="opens-note">{m.explain_credit_note()}</span>
        </summary>
        <ul class="sum">
          <SumLine label={m.explain_paid_in()}>{money(credit.amount, currency)}</SumLine>
          {credit.used.map((part, index) => (
            <SumLine
              key={`${part.charge_id} ${index}`}
              label={usedName(part)}
              note={part.rule === 'refunded' ? undefined : RULES[part.rule]()}
            >
              {minus(part.amount, currency)}
            </SumLine>
          ))}
          <SumLine label={m.explain_still_unallocated()} result>
            {money(credit.unallocated, currency)}
          </SumLine>
        </ul>
      </details>
    </li>
  );
}
