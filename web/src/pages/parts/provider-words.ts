import type { PaymentProvider } from '../../api/types';
import { m } from '../../paraglide/messages.js';

type Text = () => string;
type Provider = PaymentProvider['provider'];

/** What a field is called, by its name on the wire. */
const LABELS: Record<string, Text> = {
  access_token: m.provider_label_access_token,
  algorithm: m.provider_label_algorithm,
  api_key: m.provider_label_api_key,
  api_path: m.provider_label_api_path,
  api_version: m.provider_label_version,
  checkout_path: m.provider_label_path,
  client_id: m.provider_label_client_id,
  client_secret: m.provider_label_client_secret,
  crc: m.provider_label_crc,
  credit_on: m.provider_label_credit_on,
  date_tolerance: m.provider_label_tolerance,
  gateway_id: m.provider_label_gateway,
  host: m.provider_label_host,
  key: m.provider_label_key,
  livemode: m.provider_label_livemode,
  merchant_id: m.provider_label_merchant,
  mode: m.provider_label_mode,
  msn: m.provider_label_msn,
  pos_id: m.provider_label_pos,
  private_key: m.provider_label_private_key,
  public_key: m.provider_label_public_key,
  sandbox: m.provider_label_sandbox,
  service_id: m.provider_label_service_id,
  start_path: m.provider_label_path,
  subscription_key: m.provider_label_subscription,
  tolerance: m.provider_label_tolerance,
  version: m.provider_label_version,
  webhook_secret: m.provider_label_webhook_secret,
};

/** A field that the site does not know yet is shown by its name on the wire. */
export const fieldLabel = (name: string): string => LABELS[name]?.() ?? name;

/** Where a value is found in the provider's own console, or what it is for: by provider and name, by name, by provider. */
const HELP: Record<string, Text> = {
  'gocardless.access_token': m.provider_help_gocardless_token,
  'gocardless.webhook_secret': m.provider_help_gocardless_secret,
  'przelewy24.pos_id': m.provider_help_pos,
  'stripe.api_key': m.provider_help_stripe_key,
  'stripe.webhook_secret': m.provider_help_stripe_secret,
  'vipps.msn': m.provider_help_vipps_msn,
  'vipps.webhook_secret': m.provider_help_vipps_secret,
  algorithm: m.provider_help_agreement,
  api_path: m.provider_help_agreement,
  api_version: m.provider_help_agreement,
  checkout_path: m.provider_help_agreement,
  credit_on: m.provider_help_agreement,
  date_tolerance: m.provider_help_tolerance_off,
  gateway_id: m.provider_help_agreement,
  host: m.provider_help_host,
  livemode: m.provider_help_livemode,
  mode: m.provider_help_agreement,
  sandbox: m.provider_help_host,
  start_path: m.provider_help_agreement,
  tolerance: m.provider_help_tolerance,
  version: m.provider_help_agreement,
  autopay: m.provider_help_autopay,
  liqpay: m.provider_help_liqpay,
  przelewy24: m.provider_help_przelewy24,
  vipps: m.provider_help_vipps,
};

export const fieldHelp = (provider: Provider, name: string): string =>
  (HELP[`${provider}.${name}`] ?? HELP[name] ?? HELP[provider])?.() ?? '';

const VALUES: Record<string, Text> = {
  confirmed: m.provider_confirmed,
  debit: m.provider_debit,
  false: m.provider_test,
  instant: m.provider_instant,
  no: m.provider_no,
  paid_out: m.provider_paid_out,
  true: m.provider_live,
  yes: m.provider_yes,
};

export const valueText = (value: string): string => VALUES[value]?.() ?? value;

/** The values to choose from, where a pattern is nothing but a list of them. */
export function choicesOf(pattern: string): string[] {
  return /^[\w«»-]+(\|[\w«»-]+)+$/.test(pattern) ? pattern.split('|') : [];
}

/** Where the address for messages is entered; LiqPay and Przelewy24 are told it with each payment. */
const WEBHOOK: Record<Provider, ((said: { provider: string }) => string) | Text> = {
  autopay: m.provider_webhook_autopay,
  gocardless: m.provider_webhook_gocardless,
  liqpay: m.provider_webhook_own,
  przelewy24: m.provider_webhook_own,
  stripe: m.provider_webhook_stripe,
  vipps: m.provider_webhook_vipps,
};

export const webhookHelp = (provider: Provider, name: string): string => WEBHOOK[provider]({ provider: name });

/** The names of what a provider still needs before it can be turned on. */
export function missingFields({ fields, settings, secrets_set }: PaymentProvider): string[] {
  return fields
    .filter(({ required, default: usual }) => required && !usual)
    .filter(({ name, secret }) => (secret ? !secrets_set.includes(name) : !settings[name]))
    .map(({ name }) => name);
}
