import { api, unwrap } from '../../api/client';
import { useResource } from '../../api/resource';
import { isStuck } from '../../i18n/refund-words';
import { m } from '../../paraglide/messages.js';
import { currentMe } from '../../session/session';
import { Icon } from '../../ui/icon';
import { LoadedPart } from '../../ui/loaded';
import { DateText } from '../../ui/money';
import { Failed } from '../../ui/notice';

/** What waits for the staff; a file of its own, because residents' first screen does without it. */
export default function StaffTasks() {
  const waiting = useResource('waiting', () => unwrap(api.GET('/unmatched-transfers')));
  const overdue = useResource('overdue', () => unwrap(api.GET('/tickets', { params: { query: { overdue: true } } })));
  // Whoever asked for a refund cannot confirm it.
  const refunds = useResource('refunds', async () => {
    const of = (state: 'asked' | 'confirmed') => unwrap(api.GET('/refunds', { params: { query: { state } } }));
    const [asked, confirmed] = await Promise.all([of('asked'), of('confirmed')]);
    const waiting = asked.items.filter(({ asked_by }) => asked_by !== currentMe().person.person_id).length;
    return { waiting, stuck: confirmed.items.some(isStuck) };
  });
  const twice = useResource('paid twice', () =>
    unwrap(api.GET('/reconciliation', { params: { query: { state: 'paid_twice' } } })),
  );
  const imports = useResource('imports', () => unwrap(api.GET('/bank-statements')));
  return (
    <section class="section" aria-labelledby="staff-to-do">
      <h2 id="staff-to-do">{m.home_staff_to_do()}</h2>
      <LoadedPart of={overdue} lines={2}>
        {({ items, next_cursor }) =>
          items.length === 0 ? (
            <div class="all-good" data-testid="overdue-tickets" data-count="0">
              <Icon name="check" />
              <div>
                <p class="all-good-title">{m.queue_home_none()}</p>
                <p>
                  <a href="/queue">{m.queue_home_all()}</a>
                </p>
              </div>
            </div>
          ) : (
            <div class="task task-late" data-testid="overdue-tickets" data-count={items.length}>
              <p class="task-amount late">
                <Icon name="alert" />
                {next_cursor ? m.queue_home_more({ count: items.length }) : m.queue_home({ count: items.length })}
              </p>
              <p class="task-actions">
                <a class="button button-main" href="/queue?overdue=true">
                  {m.queue_home_action()}
                </a>
                <a class="button" href="/queue">
                  {m.queue_home_all()}
                </a>
              </p>
            </div>
          )
        }
      </LoadedPart>
      <LoadedPart of={waiting} lines={2}>
        {({ items, next_cursor }) =>
          items.length === 0 ? (
            <div class="all-good">
              <Icon name="check" />
              <div>
                <p class="all-good-title">{m.home_staff_nothing()}</p>
              </div>
            </div>
          ) : (
            <div class="task">
              <p class="task-amount">
                {next_cursor
                  ? m.home_transfers_more({ count: items.length })
                  : m.home_transfers({ count: items.length })}
              </p>
              <p class="task-actions">
                <a class="button button-main" href="/unmatched-transfers">
                  {m.home_assign()}
                </a>
              </p>
            </div>
          )
        }
      </LoadedPart>
      {refunds.state === 'ready' && refunds.data.waiting > 0 && (
        <div class="task" data-testid="task-refunds">
          <p class="task-amount">{m.refund_home({ count: refunds.data.waiting })}</p>
          <p class="task-actions">
            <a class="button button-main" href="/refunds">
              {m.refund_home_action()}
            </a>
          </p>
        </div>
      )}
      {refunds.state === 'ready' && refunds.data.stuck && (
        <div class="task task-late" data-testid="task-stuck">
          <p class="task-amount">{m.refund_stuck()}</p>
          <p class="task-actions">
            <a class="button button-main" href="/refunds?state=confirmed">
              {m.refund_home_action()}
            </a>
          </p>
        </div>
      )}
      {twice.state === 'ready' && twice.data.items.length > 0 && (
        <div class="task" data-testid="task-twice">
          <p class="task-amount">{m.reconcile_home({ count: twice.data.items.length })}</p>
          <p class="task-actions">
            <a class="button button-main" href="/reconciliation?state=paid_twice">
              {m.reconcile_home_action()}
            </a>
          </p>
        </div>
      )}
      {refunds.state === 'failed' && <Failed problem={refunds.problem} retry={refunds.reload} />}
      {twice.state === 'failed' && <Failed problem={twice.problem} retry={twice.reload} />}
      <LoadedPart of={imports} lines={1}>
        {({ items }) => {
          const last = items[0];
          return (
            <p class="aside">
              {last ? (
                <>
                  {m.home_last_import()} <a href={`/bank-statements/${last.import_id}`}>{last.name}</a>,{' '}
                  <DateText on={last.created_at.slice(0, 10)} />
                </>
              ) : (
                m.home_no_imports()
              )}{' '}
              <a href="/bank-statements">{m.home_import()}</a>
            </p>
          );
        }}
      </LoadedPart>
    </section>
  );
}
