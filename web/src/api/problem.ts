export interface FieldProblem {
  field: string | null;
  code: string;
  params: Record<string, unknown>;
}

/** An answer that is not the wished one, as a permanent code; the words are in i18n/codes. */
export class Problem extends Error {
  readonly code: string;
  readonly status: number;
  readonly correlationId: string | null;
  readonly errors: FieldProblem[];
  /** Seconds until it makes sense to ask again, where the answer says so. */
  readonly retryAfter: number | null;
  /** The whole body: some refusals say more, such as the `findings` about a reading. */
  readonly members: Readonly<Record<string, unknown>>;

  constructor(
    code: string,
    status = 0,
    correlationId: string | null = null,
    errors: FieldProblem[] = [],
    retryAfter: number | null = null,
    members: Readonly<Record<string, unknown>> = {},
  ) {
    super(code);
    this.name = 'Problem';
    this.code = code;
    this.status = status;
    this.correlationId = correlationId;
    this.errors = errors;
    this.retryAfter = retryAfter;
    this.members = members;
  }

  /** Whatever was thrown, as a problem: `network_error` when no answer came at all. */
  static of(error: unknown): Problem {
    if (error instanceof Problem) return error;
    return new Problem(error instanceof TypeError ? 'network_error' : 'unexpected_error');
  }

  /** The body of an answer as a problem; an answer without our body (a gateway's page) keeps its status only. */
  static from(status: number, body: unknown, headers?: Headers): Problem {
    const record = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
    const code = typeof record.code === 'string' ? record.code : codeOfStatus(status);
    const id = typeof record.correlation_id === 'string' ? record.correlation_id : null;
    const errors = Array.isArray(record.errors) ? record.errors.map(fieldProblem) : [];
    const wait = headers?.get('Retry-After') ?? '';
    return new Problem(code, status, id, errors, /^\d+$/.test(wait) ? Number(wait) : null, record);
  }
}

function fieldProblem(raw: unknown): FieldProblem {
  const record = typeof raw === 'object' && raw !== null ? (raw as Record<string, unknown>) : {};
  return {
    field: typeof record.field === 'string' ? record.field : null,
    code: typeof record.code === 'string' ? record.code : 'invalid_value',
    params:
      typeof record.params === 'object' && record.params !== null ? (record.params as FieldProblem['params']) : {},
  };
}

function codeOfStatus(status: number): string {
  if (status === 401) return 'not_signed_in';
  if (status === 404) return 'not_found';
  if (status === 429) return 'too_many_requests';
  return 'unexpected_error';
}
