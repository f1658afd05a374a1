import { PROVIDER_NAMES } from '../../i18n/pay-words';
import { m } from '../../paraglide/messages.js';
import { Money } from '../../ui/money';
import type { ProviderOption } from './pay-rules';

interface Props {
  amount: number;
  fee: number;
  currency: string;
  option: Pick<ProviderOption, 'provider' | 'fee'>;
}

/** What paying costs, before anybody goes anywhere. */
export function PaySum({ amount, fee, currency, option }: Props) {
  return (
    <ul class="sum" data-testid="pay-sum" data-amount={amount} data-fee={fee}>
      <li>
        <span>{m.amount()}</span>
        <Money minor={amount} currency={currency} />
      </li>
      {option.fee.kind === 'provider' ? (
        <li>
          <span class="sum-note">{m.pay_fee_theirs({ provider: PROVIDER_NAMES[option.provider] })}</span>
        </li>
      ) : (
        <li>
          <span>{m.pay_fee()}</span>
          <Money minor={fee} currency={currency} />
        </li>
      )}
      <li class="sum-result">
        <span>{m.total()}</span>
        <span role="status">
          <Money minor={amount + fee} currency={currency} strong />
        </span>
      </li>
    </ul>
  );
}
