import createClient from 'openapi-fetch';
import { Problem } from './problem';
import type { paths } from './schema';

// The contract demands X-Requested-With of every write; the middleware below sends it, so that no call has to name it.
type WithoutHeaders<P> = {
  [Path in keyof P]: {
    [Method in keyof P[Path]]: P[Path][Method] extends { parameters: infer Parameters }
      ? Omit<P[Path][Method], 'parameters'> & { parameters: Omit<Parameters, 'header'> }
      : P[Path][Method];
  };
};

export const api = createClient<WithoutHeaders<paths>>({ baseUrl: '/api' });

let sessionLost: () => void = () => {};

/** What to do when an answer says that the session has ended. */
export function onSessionLost(act: () => void): void {
  sessionLost = act;
}

api.use({
  onRequest({ request }) {
    if (request.method !== 'GET') request.headers.set('X-Requested-With', 'lokum');
    return request;
  },
});

export interface Answer<T> {
  data?: T;
  error?: unknown;
  response: Response;
}

/** The data of an answer; anything else is thrown as a `Problem`. */
export async function unwrap<T>(asked: Promise<Answer<T>>): Promise<T> {
  const answer = await arrived(asked);
  if (!answer.response.ok) throw refusal(answer);
  return answer.data as T;
}

/** The data of an answer with the mark (ETag) to send back next time; null: nothing is new since the mark that was sent. */
export async function unwrapMarked<T>(asked: Promise<Answer<T>>): Promise<{ data: T; mark: string | null } | null> {
  const answer = await arrived(asked);
  if (answer.response.status === 304) return null;
  if (!answer.response.ok) throw refusal(answer);
  return { data: answer.data as T, mark: answer.response.headers.get('ETag') };
}

async function arrived<T>(asked: Promise<Answer<T>>): Promise<Answer<T>> {
  try {
    return await asked;
  } catch (error) {
    throw Problem.of(error);
  }
}

function refusal({ response, error }: Answer<unknown>): Problem {
  const problem = Problem.from(response.status, error, response.headers);
  // A wrong password answers 401 too; only this code says that the session is gone.
  if (problem.code === 'not_signed_in') sessionLost();
  return problem;
}
