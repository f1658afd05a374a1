import { describe, expect, it } from 'vitest';
import { safeBack, signInAddress } from '../src/session/back';

describe('where a person comes back to after signing in', () => {
  it.each([
    ['/accounts/con_1?tab=payments', '/accounts/con_1?tab=payments'],
    ['/contracts/con_1#how-to-pay', '/contracts/con_1#how-to-pay'],
    ['/', '/'],
  ])('%s is a place of ours', (wanted, back) => {
    expect(safeBack(wanted)).toBe(back);
  });

  it.each([
    undefined,
    null,
    '',
    'https://elsewhere.example/',
    '//elsewhere.example/',
    '/\\elsewhere.example/',
    '/\t/elsewhere.example/',
    'javascript:alert(1)',
    'contracts',
    '/sign-in',
    '/sign-in?back=/x',
    '/forgotten-password',
    '/./sign-in',
  ])('%s is not', (wanted) => {
    expect(safeBack(wanted)).toBe('/');
  });

  it('the sign-in address carries the place and gives it back', () => {
    const address = signInAddress('/accounts/con_1?tab=payments');
    const query = new URL(address, 'https://site.invalid').searchParams;
    expect(safeBack(query.get('back'))).toBe('/accounts/con_1?tab=payments');
    expect(signInAddress('/')).toBe('/sign-in');
    expect(signInAddress('/sign-in?back=%2Fx')).toBe('/sign-in');
  });
});
