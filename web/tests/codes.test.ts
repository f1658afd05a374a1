import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Problem } from '../src/api/problem';
import { FILE_TEXTS, REASONS } from '../src/i18n/bank-codes';
import { ERROR_TEXTS, FIELD_TEXTS, fieldErrorText, problemText } from '../src/i18n/codes';
import { CONTRACT_TYPES } from '../src/i18n/contract-types';
import { DATA_TEXTS } from '../src/i18n/data-codes';
import { DESK_TEXTS } from '../src/i18n/desk-codes';
import { DESK_ENTRIES } from '../src/i18n/desk-entries';
import { IMPORT_STATES } from '../src/i18n/import-states';
import { CHANNELS, TICKET_STATUS } from '../src/i18n/inner-words';
import { LOCALES } from '../src/i18n/languages';
import { locale } from '../src/i18n/locale';
import { READING_TEXTS } from '../src/i18n/meter-words';
import { NOTICE_TEXTS } from '../src/i18n/notice-codes';
import { STAFF_PAYMENT_TEXTS } from '../src/i18n/online-codes';
import { PAY_TEXTS } from '../src/i18n/pay-codes';
import { PAYMENT_STATES, PROVIDER_NAMES, PROVIDER_WAYS, STATE_TEXTS } from '../src/i18n/pay-words';
import { READING_CHANNELS } from '../src/i18n/reading-channels';
import { STAFF_READING_TEXTS } from '../src/i18n/reading-codes';
import { ROW_TEXTS } from '../src/i18n/reading-rows';
import { CHECKS } from '../src/i18n/reading-words';
import { REFUND_STATES } from '../src/i18n/refund-words';
import { ROLES } from '../src/i18n/roles';
import { TICKET_TEXTS } from '../src/i18n/ticket-codes';
import { ENTRY_KINDS as ENTRY_KINDS_OF_TICKETS } from '../src/i18n/ticket-entries';
import { DAY_PARTS, OUTCOMES, TICKET_TYPES } from '../src/i18n/ticket-words';
import { UPLOAD_TEXTS } from '../src/i18n/upload-codes';
import { CHARGE_STATUS, ENTRY_KINDS, PAYMENT_STATUS, PAYMENT_TYPES, PURPOSES, RULES } from '../src/i18n/words';

const repository = join(import.meta.dirname, '..', '..');
const functions = join(repository, 'functions');

/** The codes of each table in a Python `errors.py`: table name -> keys. */
function tables(path: string): Record<string, string[]> {
  const text = readFileSync(path, 'utf8');
  const found: Record<string, string[]> = {};
  for (const [, name = '', body = ''] of text.matchAll(/^(\w*CODES)\b[^=]*= \{([\s\S]*?)^\}/gm)) {
    found[name] = [...body.matchAll(/^ {4}"(\w+)":/gm)].map((match) => match[1] as string);
  }
  return found;
}

const errorFiles = readdirSync(functions)
  .map((context) => join(functions, context, 'errors.py'))
  .filter(existsSync)
  .concat(join(repository, 'shared', 'errors.py'));

describe.each(errorFiles.map((path) => [path.slice(repository.length + 1), path]))('the codes of %s', (_, path) => {
  const all = Object.entries(tables(path));

  it('are found', () => {
    expect(all.flatMap(([, codes]) => codes).length).toBeGreaterThan(0);
  });

  it.each(all)('%s all have words', (_table, codes) => {
    const known = {
      ...ERROR_TEXTS,
      ...FIELD_TEXTS,
      ...FILE_TEXTS,
      ...DATA_TEXTS,
      ...TICKET_TEXTS,
      ...UPLOAD_TEXTS,
      ...DESK_TEXTS,
      ...NOTICE_TEXTS,
      ...READING_TEXTS,
      ...STAFF_READING_TEXTS,
      ...STAFF_PAYMENT_TEXTS,
      ...ROW_TEXTS,
      ...PAY_TEXTS,
    };
    expect(codes.filter((code) => !(code in known))).toEqual([]);
  });
});

it('the matching rules give no reason without words', () => {
  const text = readFileSync(join(functions, 'payments', 'rules_matching.py'), 'utf8');
  const reasons = [...text.matchAll(/\d{2,3}(?: if [^"\n]*? else \d{2,3})?, "(\w+)"/g)].map(
    (match) => match[1] as string,
  );
  expect(reasons.length).toBeGreaterThan(8);
  expect(reasons.filter((reason) => !(reason in REASONS))).toEqual([]);
});

/** Every enumeration of the wire that people get to read. TypeScript holds the tables to the unions; this holds them to the file. */
describe('the enumerations of the wire', () => {
  const schemas = JSON.parse(readFileSync(join(repository, 'web', 'openapi.json'), 'utf8')).components.schemas;
  const values = (schema: string, field: string): string[] => {
    const property = schemas[schema].properties[field];
    return property.enum ?? property.anyOf?.flatMap((one: { enum?: string[] }) => one.enum ?? []) ?? [];
  };
  it.each([
    ['ChargeResponse', 'purpose', PURPOSES],
    ['ChargeResponse', 'status', CHARGE_STATUS],
    ['PaymentResponse', 'status', PAYMENT_STATUS],
    ['PaymentResponse', 'type', PAYMENT_TYPES],
    ['EntryResponse', 'kind', ENTRY_KINDS],
    ['AllocatedPart', 'rule', RULES],
    ['ContractSummary', 'type', CONTRACT_TYPES],
    ['Holder', 'role', ROLES],
    ['GrantView', 'role', ROLES],
    ['BankStatementResponse', 'state', IMPORT_STATES],
    ['TicketSummary', 'status', TICKET_STATUS],
    ['TicketSummary', 'type', TICKET_TYPES],
    ['TicketSummary', 'outcome', OUTCOMES],
    ['TicketSummary', 'channel', CHANNELS],
    ['TimelineEntry', 'kind', { ...ENTRY_KINDS_OF_TICKETS, ...DESK_ENTRIES }],
    ['WishedTime', 'part', DAY_PARTS],
    ['HeldReading', 'channel', READING_CHANNELS],
    ['FindingResponse', 'code', CHECKS],
    ['ReadingImportResponse', 'state', IMPORT_STATES],
    ['RefundResponse', 'state', REFUND_STATES],
    ['OnlinePaymentResponse', 'state', PAYMENT_STATES],
    ['OnlinePaymentResponse', 'state', STATE_TEXTS],
    ['OnlinePaymentResponse', 'provider', PROVIDER_NAMES],
    ['OnlinePaymentResponse', 'provider', PROVIDER_WAYS],
  ] as const)('%s.%s', (schema, field, words) => {
    const codes = values(schema, field);
    expect(codes.length).toBeGreaterThan(0);
    expect(codes.filter((code) => !(code in words))).toEqual([]);
  });
});

describe.each(LOCALES.map((one) => [one]))('in %s', (one) => {
  it('no code is shown as a code', () => {
    locale.value = one;
    const all = { ...ERROR_TEXTS, ...FIELD_TEXTS };
    for (const [code, words] of Object.entries(all)) {
      const text = words({ least: 12, most: 99, max_length: 5 });
      expect(text, code).not.toBe('');
      expect(text, code).not.toContain('_');
    }
    const tickets = [
      TICKET_STATUS,
      TICKET_TYPES,
      OUTCOMES,
      CHANNELS,
      DAY_PARTS,
      TICKET_TEXTS,
      UPLOAD_TEXTS,
      DESK_TEXTS,
      NOTICE_TEXTS,
    ];
    for (const table of [
      ...tickets,
      FILE_TEXTS,
      DATA_TEXTS,
      REASONS,
      PURPOSES,
      RULES,
      ROLES,
      CHARGE_STATUS,
      PAYMENT_STATUS,
    ]) {
      for (const [code, words] of Object.entries(table)) expect(words(), code).not.toContain('_');
    }
  });
});

it('an unknown code still gets kind words', () => {
  locale.value = 'en';
  expect(problemText(new Problem('brand_new_code', 422))).toBe(problemText(new Problem('internal_error', 500)));
  expect(fieldErrorText('brand_new_code', {})).toBe('This value is not right');
  expect(fieldErrorText('password_too_short', { least: 12 })).toBe('The password needs at least 12 characters');
});

it('a pause says how long it is', () => {
  locale.value = 'en';
  const paused = (wait: string | null) =>
    problemText(Problem.from(429, { code: 'too_many_attempts' }, new Headers(wait ? { 'Retry-After': wait } : {})));
  expect(paused('30')).toContain('in 30 seconds');
  expect(paused('1')).toContain('in 1 second.');
  expect(paused('600')).toContain('in 10 minutes');
  expect(paused(null)).not.toMatch(/\d/);
  expect(paused('Sun, 22 Nov 2026 08:00:00 GMT')).not.toMatch(/\d/);
});
