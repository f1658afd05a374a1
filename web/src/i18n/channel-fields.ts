import { m } from '../paraglide/messages.js';

/** What a setting of a channel is called, by its name on the wire. */
export const CHANNEL_FIELDS: Record<string, () => string> = {
  access_token: m.provider_label_access_token,
  app_secret: m.channel_field_app_secret,
  auth_token: m.channel_field_auth_token,
  bot: m.channel_field_bot,
  bot_token: m.channel_field_bot_token,
  configuration_set: m.channel_field_configuration_set,
  from: m.channel_field_from,
  host: m.provider_label_host,
  max_parts: m.channel_field_max_parts,
  max_price: m.channel_field_max_price,
  origination: m.channel_field_origination,
  phone_number_id: m.channel_field_phone_number_id,
  reply_to: m.channel_field_reply_to,
  sender: m.channel_field_sender,
  subject: m.channel_field_subject,
  template_prefix: m.channel_field_template_prefix,
  transliterate: m.channel_field_transliterate,
  uri: m.channel_field_uri,
  vapid_key: m.channel_field_vapid_key,
  verify_token: m.channel_field_verify_token,
  version: m.provider_label_version,
};

/** A field that the site does not know yet is shown by its name on the wire. */
export const channelField = (name: string): string => CHANNEL_FIELDS[name]?.() ?? name;
