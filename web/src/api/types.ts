import type { paths } from './schema';

type Json<R> = R extends { content: { 'application/json': infer Body } } ? Body : never;
type Answers<O> = O extends { responses: infer R } ? R : never;
type Ok<R> = Json<R[Extract<keyof R, 200 | 201 | 202>]>;
type Answer<P extends keyof paths, M extends 'get' | 'post' | 'patch'> = Ok<Answers<paths[P][M]>>;
type Item<L> = L extends { items: (infer I)[] } ? I : never;

export type Me = Answer<'/auth/me', 'get'>;
export type Organisation = Me['organisation'];
export type PublicOrganisation = Answer<'/organisations/{slug}', 'get'>;
export type Theme = Organisation['theme'];
export type PasswordRules = Organisation['password_rules'];
export type ContractItem = Item<Answer<'/contracts', 'get'>>;
export type Contract = Answer<'/contracts/{contract_id}', 'get'>;
export type Account = Answer<'/accounts/{contract_id}', 'get'>;
export type Charge = Item<Answer<'/accounts/{contract_id}/charges', 'get'>>;
export type Payment = Item<Answer<'/accounts/{contract_id}/payments', 'get'>>;
export type Entry = Item<Answer<'/accounts/{contract_id}/entries', 'get'>>;
export type Explanation = Answer<'/accounts/{contract_id}/explain', 'get'>;
export type OpenItem = Explanation['open_items'][number];
export type Credit = Explanation['credits'][number];
export type Contact = Answer<'/me/contact', 'get'>;
export type PersonItem = Item<Answer<'/people', 'get'>>;
export type Person = Answer<'/people/{person_id}', 'get'>;
export type BankStatement = Answer<'/bank-statements/{import_id}', 'get'>;
export type Transfer = Item<Answer<'/unmatched-transfers', 'get'>>;
export type Candidate = Transfer['candidates'][number];
export type Reversal = Answer<'/entries/{entry_id}/reversal', 'post'>;
