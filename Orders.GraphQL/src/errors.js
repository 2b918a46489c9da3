import { GraphQLError } from 'graphql';

/** The HTTP status for each error code. */
const STATUS = {
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  REQUEST_ENTITY_TOO_LARGE: 413,
  RATE_LIMITED: 429,
  UNAVAILABLE: 503,
  INTERNAL: 500,
};

const CHALLENGE = 'Basic realm="orders", charset="UTF-8"';

/**
 * An error that clients may see.
 * @param {string} code The code, for programs.
 * @param {string} message The message, for people.
 * @param {Record<string, unknown>} [more] Further extensions.
 */
export function fail(code, message, more) {
  return new GraphQLError(message, { extensions: { code, ...more } });
}

/**
 * An invalid argument.
 * @param {string} field The argument's name.
 * @param {string} problem The rest of a sentence that begins with the name.
 */
export function badInput(field, problem) {
  return fail('BAD_USER_INPUT', `${field} ${problem}`, { fields: { [field]: [problem] } });
}

/** Shows errors that are meant for clients. Any other is logged and shown without details. No error has a stack. */
export function maskError(error) {
  if (error instanceof GraphQLError && !(error.originalError && !(error.originalError instanceof GraphQLError))) return error;
  console.error(error instanceof GraphQLError ? error.originalError : error);
  return new GraphQLError('Something failed that is not your doing. The log of Orders.GraphQL says what.', {
    nodes: error?.nodes,
    path: error?.path,
    extensions: { code: 'INTERNAL' },
  });
}

/**
 * Gives every error of a result a code, and the response the matching status. A result with data is a 200, as in the GraphQL over HTTP
 * specification, unless Orders.Query rejected the credentials, which are wrong for the whole request.
 * @param {{ data?: unknown, errors?: ReadonlyArray<GraphQLError> }} result
 */
export function withCodes(result) {
  if (!result.errors?.length) return result;
  const hasData = result.data !== undefined && result.data !== null;
  return { ...result, errors: result.errors.map(error => withCode(error, hasData)) };
}

function withCode(error, hasData) {
  const { code = codeOf(error), http, originalError: _, unexpected: __, ...more } = error.extensions ?? {};
  const status = STATUS[code] ?? (http?.status >= 400 && http.status < 500 ? http.status : 400);
  const headers = { ...http?.headers };
  if (status === 401) headers['WWW-Authenticate'] = CHALLENGE;
  if (more.retryAfter !== undefined) headers['Retry-After'] = String(more.retryAfter);
  return new GraphQLError(error.message, {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    path: error.path,
    extensions: { code, ...more, http: hasData && status !== 401 ? { status: 200 } : { status, headers } },
  });
}

// Errors of graphql-js itself have no code.
function codeOf(error) {
  if (error.message.startsWith('Syntax Error')) return 'GRAPHQL_PARSE_FAILED';
  return error.message.startsWith('Variable "$') ? 'BAD_USER_INPUT' : 'BAD_REQUEST';
}
