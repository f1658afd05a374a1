import createClient from 'openapi-fetch';
import { Problem } from './problem';
import type { paths } from './schema';

export const api = createClient<paths>({ baseUrl: '/api' });

let sessionLost: () => void = () => {};

/** What to do when an answer says that the session has ended. */
export function onSessionLost(act: () => void): void {
  sessionLost = act;
}

// A wrong password also answers 401: these two ask for a session instead of needing one.
const WITHOUT_SESSION = ['/auth/sign-in', '/auth/password'];

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-Requested-With', 'lokum');
    return request;
  },
  onResponse({ response, schemaPath }) {
    if (response.status === 401 && !WITHOUT_SESSION.includes(schemaPath)) sessionLost();
  },
});

interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer; anything else is thrown as a `Problem`. */
export async function unwrap<T>(asked: Promise<Answer<T>>): Promise<T> {
  let answer: Answer<T>;
  try {
    answer = await asked;
  } catch (error) {
    throw Problem.of(error);
  }
  if (!answer.response.ok) throw Problem.from(answer.response.status, answer.error);
  return answer.data as T;
}
