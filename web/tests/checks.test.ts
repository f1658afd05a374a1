import { expect, it } from 'vitest';
import { nextWait } from '../src/api/polling';
import { Problem } from '../src/api/problem';
import { looksLikeEmail, passwordRules } from '../src/pages/parts/checks';

const ALL = { least_length: 12, digit: true, symbol: true, capital: true, small_letter: true };
const broken = (password: string, rules = ALL) =>
  passwordRules(rules, password)
    .filter((rule) => !rule.kept)
    .map((rule) => rule.rule);

it('says which password rules are still open', () => {
  expect(broken('')).toEqual(['length', 'digit', 'symbol', 'capital', 'small_letter']);
  expect(broken('Demo-Lokum-2026')).toEqual([]);
  expect(broken('demo-lokum-2026')).toEqual(['capital']);
  expect(broken('Zażółć-gęślą-1')).toEqual([]);
  expect(broken('Ключ від дому 7')).toEqual(['symbol']);
});

it('shows only the rules that the organisation has set', () => {
  const rules = { ...ALL, symbol: false, digit: false };
  expect(passwordRules(rules, '').map((rule) => rule.rule)).toEqual(['length', 'capital', 'small_letter']);
});

it('counts characters, not their parts', () => {
  expect(broken('Aa1-🏠🏠🏠🏠')).toContain('length');
});

it('catches slips in e-mail addresses', () => {
  expect(looksLikeEmail(' anna@example.com ')).toBe(true);
  for (const wrong of ['', 'anna', 'anna@', 'anna@example', 'an na@example.com'])
    expect(looksLikeEmail(wrong)).toBe(false);
});

it('waits ever longer between looks, but not for ever', () => {
  const waits = [nextWait(null)];
  for (let look = 0; look < 20; look += 1) waits.push(nextWait(waits.at(-1) ?? null));
  expect(waits[0]).toBeLessThan(1000);
  expect(waits.slice(0, 6)).toEqual(waits.slice(0, 6).toSorted((one, other) => one - other));
  expect(waits.at(-1)).toBe(8000);
});

it('makes a problem of any answer', () => {
  const ours = Problem.from(422, {
    code: 'password_rules',
    correlation_id: 'c1',
    errors: [{ field: 'password', code: 'password_too_short', params: { least: 12 } }],
  });
  expect([ours.code, ours.status, ours.correlationId]).toEqual(['password_rules', 422, 'c1']);
  expect(ours.errors).toEqual([{ field: 'password', code: 'password_too_short', params: { least: 12 } }]);
  expect(Problem.from(502, '<html>').code).toBe('unexpected_error');
  expect(Problem.from(404, undefined).code).toBe('not_found');
  expect(Problem.from(500, { code: 7, errors: 'x' }).errors).toEqual([]);
  expect(Problem.of(new TypeError('Failed to fetch')).code).toBe('network_error');
});
