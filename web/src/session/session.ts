import { signal } from '@preact/signals';
import { api, onSessionLost, unwrap } from '../api/client';
import { Problem } from '../api/problem';
import type { Me } from '../api/types';
import { suggestLocale } from '../i18n/locale';
import { keepOrganisation } from '../theme/theme';
import { forgetTab } from './memory';
import { endPush } from './push';

export type Session =
  | { state: 'unknown' }
  /** `left`: the person signed out himself, so there is no place to come back to. */
  | { state: 'out'; left?: boolean }
  | { state: 'failed'; problem: Problem }
  | { state: 'in'; me: Me };

export const session = signal<Session>({ state: 'unknown' });

onSessionLost(() => {
  session.value = { state: 'out' };
});

/** Asks who is signed in. Call at the start and after signing in. */
export async function loadSession(): Promise<void> {
  try {
    const me = await unwrap(api.GET('/auth/me'));
    keepOrganisation(me.organisation);
    await suggestLocale(me.person.locale);
    session.value = { state: 'in', me };
  } catch (error) {
    const problem = Problem.of(error);
    session.value = problem.status === 401 ? { state: 'out' } : { state: 'failed', problem };
  }
}

export async function signOut(): Promise<void> {
  await endPush();
  await unwrap(api.POST('/auth/sign-out'));
  forgetTab();
  session.value = { state: 'out', left: true };
}

/** The signed-in person. Pages inside the shell may rely on it; outside it throws. */
export function currentMe(): Me {
  if (session.value.state !== 'in') throw new Error('nobody is signed in');
  return session.value.me;
}

const STAFF = ['staff', 'administrator'];

export function isStaff(): boolean {
  return session.value.state === 'in' && session.value.me.roles.some((role) => STAFF.includes(role));
}
