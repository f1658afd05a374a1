import { api, unwrap } from '../api/client';
import { useResource } from '../api/resource';
import type { Account, MeterItem, PaymentOptions, TicketItem } from '../api/types';
import { date, money, today } from '../i18n/format';
import { askingOf } from '../i18n/wanted-words';
import { m } from '../paraglide/messages.js';
import { currentMe, isStaff } from '../session/session';
import { Icon } from '../ui/icon';
import { later } from '../ui/later';
import { LoadedPart, Skeleton } from '../ui/loaded';
import { Money } from '../ui/money';
import { Failed } from '../ui/notice';
import { Page } from '../ui/page';
import { contractName } from './parts/names';
import { type OwnContract, ownContracts } from './parts/own-contracts';

const StaffTasks = later(() => import('./parts/home-staff'), 5);

/** One account and what its holder has to do about it. */
interface Standing {
  contract: OwnContract;
  account: Account;
  /** How it can be paid online; null where nothing is due, or nobody knows now. */
  options: PaymentOptions | null;
}

async function loadStanding(contract: OwnContract): Promise<Standing> {
  const { contract_id } = contract;
  const account = await unwrap(api.GET('/accounts/{contract_id}', { params: { path: { contract_id } } }));
  const query = { params: { query: { contract_id } } };
  // An offer: without it the account is shown all the same.
  const options = account.due > 0 ? await unwrap(api.GET('/payment-options', query)).catch(() => null) : null;
  return { contract, account, options };
}

const loadStandings = async (): Promise<Standing[]> => Promise.all((await ownContracts()).map(loadStanding));

/** The reader's own tickets that cannot go on without him; what waits for staff stands in their queue. */
async function loadWaiting(): Promise<TicketItem[]> {
  if (isStaff()) return [];
  const { items } = await unwrap(api.GET('/tickets', { params: { query: { status: 'open' } } }));
  return items.filter((ticket) => ticket.awaiting_you);
}

/** The meters of the homes that the reader lives in; staff's own ones wait behind the contract. */
async function loadMeters(): Promise<MeterItem[]> {
  if (isStaff()) return [];
  const now = today(currentMe().organisation.time_zone);
  const units = (await ownContracts())
    .filter(({ ends_on }) => !ends_on || ends_on >= now)
    .flatMap(({ unit }) => unit?.unit_id ?? []);
  const query = (unit_id: string) => ({ params: { query: { unit_id } } });
  const lists = await Promise.all([...new Set(units)].map((id) => unwrap(api.GET('/meters', query(id)))));
  return lists.flatMap(({ items }) => items).filter(({ removed_on }) => !removed_on);
}

/** Whether the window is open and neither a reading of these days nor one that waits is there. */
const isAwaited = ({ may_read, window, last, waiting }: MeterItem): boolean =>
  may_read && !!window?.is_open && !waiting && (!last || last.date < window.first);

export default function Home() {
  const me = currentMe();
  const standings = useResource(`standings ${me.person.person_id}`, loadStandings);
  const tickets = useResource(`waiting ${me.person.person_id}`, loadWaiting);
  const meters = useResource(`own meters ${me.person.person_id}`, loadMeters);
  const name = me.person.first_name;
  return (
    <Page
      title={name ? m.home_hello({ name }) : m.nav_home()}
      actions={
        !isStaff() && (
          <a class="button button-main" href="/tickets/new">
            <Icon name="plus" />
            {m.home_report()}
          </a>
        )
      }
    >
      {isStaff() && <StaffTasks />}
      {tickets.state === 'failed' && <Failed problem={tickets.problem} retry={tickets.reload} />}
      {meters.state === 'failed' && <Failed problem={meters.problem} retry={meters.reload} />}
      <LoadedPart of={standings} lines={5}>
        {(loaded) =>
          tickets.state === 'loading' || meters.state === 'loading' ? (
            <Skeleton lines={5} />
          ) : (
            <Tasks
              standings={loaded}
              waiting={tickets.state === 'ready' ? tickets.data : []}
              meters={meters.state === 'ready' ? meters.data : []}
            />
          )
        }
      </LoadedPart>
    </Page>
  );
}

interface TasksProps {
  standings: Standing[];
  waiting: TicketItem[];
  meters: MeterItem[];
}

function Tasks({ standings, waiting, meters }: TasksProps) {
  const awaited = meters.filter(isAwaited);
  const refused = meters.filter((meter) => meter.may_read && meter.refused);
  // The first window that closes.
  const until = awaited.flatMap(({ window }) => window?.last ?? []).sort()[0];
  const todo = standings.filter(({ account }) => account.due > 0 && account.balance > 0);
  const rest = standings.filter((standing) => !todo.includes(standing));
  if (standings.length === 0) return isStaff() ? null : <p class="lead">{m.home_no_contracts()}</p>;
  return (
    <>
      <section class="section" aria-labelledby="to-do">
        <h2 id="to-do">{m.home_to_do()}</h2>
        {todo.length + waiting.length + awaited.length + refused.length === 0 ? (
          <div class="all-good" data-testid="nothing-to-do">
            <Icon name="check" />
            <div>
              <p class="all-good-title">{m.home_nothing_title()}</p>
              <p>{m.home_nothing_text()}</p>
            </div>
          </div>
        ) : (
          <ul class="tasks">
            {todo.map((standing) => (
              <Task key={standing.contract.contract_id} {...standing} />
            ))}
            {refused.map(({ meter_id, unit_id, place, number, refused: one }) => (
              <li key={meter_id} class="task" data-testid="task-refused">
                <p class="task-name">{[place, number].filter(Boolean).join(', ')}</p>
                <p class="task-amount">{m.meter_home_refused()}</p>
                <p>{one?.reason}</p>
                <p class="task-actions">
                  <a class="button button-main" href={`/meters?unit=${unit_id ?? ''}`}>
                    {m.meter_enter()}
                  </a>
                </p>
              </li>
            ))}
            {until && (
              <li class="task" data-testid="task-meters">
                <p class="task-amount">{m.meter_home()}</p>
                <p>{m.meter_window_open({ date: date(until) })}</p>
                <p class="task-actions">
                  <a class="button button-main" href={`/meters?unit=${awaited[0]?.unit_id ?? ''}`}>
                    {m.meter_enter()}
                  </a>
                </p>
              </li>
            )}
            {waiting.map((ticket) => (
              <li key={ticket.ticket_id} class="task" data-testid="task-ticket">
                <p class="task-name">{ticket.subject}</p>
                <p class="task-amount">{askingOf(ticket).home()}</p>
                <p class="task-actions">
                  <a class="button button-main" href={`/tickets/${ticket.ticket_id}`}>
                    {askingOf(ticket).action()}
                  </a>
                </p>
              </li>
            ))}
          </ul>
        )}
      </section>
      {(rest.length > 0 || (meters.length > 0 && !until)) && (
        <section class="section" aria-labelledby="in-order">
          <h2 id="in-order">{m.home_in_order()}</h2>
          <ul class="plain-rows">
            {rest.map(({ contract, account }) => (
              <li key={contract.contract_id}>
                <a href={`/accounts/${contract.contract_id}`}>{contractName(contract)}</a>
                <span>
                  {account.balance < 0
                    ? m.home_credit({ amount: money(-account.balance, account.currency) })
                    : m.balance_settled()}
                </span>
              </li>
            ))}
            {meters.length > 0 && !until && (
              <li>
                <a href="/meters">{m.meter_nav()}</a>
                <span>
                  <a href="/meters/use">{m.meter_consumption()}</a>
                </span>
              </li>
            )}
          </ul>
        </section>
      )}
    </>
  );
}

function Task({ contract, account, options }: Standing) {
  const { currency, overdue, next_due: next } = account;
  const online = options && options.providers.length > 0;
  return (
    <li class={overdue > 0 ? 'task task-late' : 'task'} data-testid="task">
      <p class="task-name">{contractName(contract)}</p>
      <p class="task-amount">
        <span class="task-verb">{m.home_pay()}</span> <Money minor={account.balance} currency={currency} strong />
      </p>
      {overdue > 0 && (
        <p class="late">
          <Icon name="alert" />
          {m.home_overdue({ amount: money(Math.min(overdue, account.balance), currency) })}
        </p>
      )}
      {next && <p>{m.home_due_by({ amount: money(next.amount, currency), date: date(next.date) })}</p>}
      {options?.under_way.map(({ payment_id, amount }) => (
        <p key={payment_id} data-testid="task-under-way">
          <Icon name="info" />{' '}
          <a href={`/payments/${payment_id}`}>{m.pay_under_way({ amount: money(amount, currency) })}</a>
        </p>
      ))}
      <p class="task-actions">
        {online ? (
          <a class="button button-main" href={`/accounts/${contract.contract_id}/pay`}>
            {m.pay_title()}
          </a>
        ) : (
          <a class="button button-main" href={`/contracts/${contract.contract_id}#how-to-pay`}>
            {m.home_how_to_pay()}
          </a>
        )}
        <a class="button" href={`/accounts/${contract.contract_id}`}>
          {m.home_see_account()}
        </a>
      </p>
    </li>
  );
}
