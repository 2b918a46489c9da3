import { fail } from './errors.js';
import { parseExact } from './json.js';
import { endOnAbort, joinSignals } from './signals.js';

/** The headers of the caller that are passed to Orders.Query. */
const PASSED_ON = ['authorization', 'x-api-key', 'traceparent', 'tracestate'];

/** Maps parameter names of Orders.Query to the names of this schema. */
const ARGUMENTS = {
  merchant_id: 'merchantId',
  customer_id: 'customerId',
  order_id: 'orderId',
  product_id: 'productId',
  limit: 'first',
  limit_each: 'first',
  cursor: 'after',
  after_version: 'afterVersion',
  last_event_id: 'after',
  'Last-Event-ID': 'after',
};

/**
 * The caller's address. A load balancer has appended it; earlier addresses come from the caller and are not trusted.
 * @param {import('node:http').IncomingMessage} request
 * @param {{ trustProxy: boolean }} settings
 */
export function callerAddress(request, { trustProxy }) {
  return (trustProxy && request.headers['x-forwarded-for']?.split(',').at(-1).trim()) || request.socket.remoteAddress;
}

/** Orders.Query, with the credentials of one caller. */
export class Upstream {
  #settings;
  #headers;
  #signals;
  #leaving;

  /**
   * @param {import('./settings.js').Settings} settings
   * @param {import('node:http').IncomingMessage} request Whose credentials and trace go along.
   * @param {AbortSignal[]} signals The caller has gone, or this process stops.
   * @param {AbortSignal[]} [leaving] This process begins to stop: ends streams, which would not end by themselves.
   */
  constructor(settings, request, signals, leaving = []) {
    this.#leaving = leaving;
    this.#settings = settings;
    this.#signals = signals;
    this.#headers = { accept: 'application/json' };
    for (const name of PASSED_ON) {
      if (request.headers[name]) this.#headers[name] = request.headers[name];
    }
    // Failed sign-ins are counted by the last address here. Without this header all callers would have our address.
    const before = request.headers['x-forwarded-for'];
    this.#headers['x-forwarded-for'] = before && !settings.trustProxy ? `${before}, ${callerAddress(request, settings)}` : before || callerAddress(request, settings);
  }

  /**
   * Gets an answer.
   * @param {string} path Such as /v1/orders.
   * @param {Record<string, string | number | null | undefined>} [parameters] What is null or undefined is left out.
   * @returns {Promise<any>} Its JSON, decimals as strings; null for what does not exist.
   */
  async get(path, parameters) {
    const { signal, release } = joinSignals(this.#signals, this.#settings.upstreamTimeoutMs);
    try {
      const answer = await this.#fetch(path, parameters, this.#headers, signal);
      if (answer.status === 404) {
        // Nobody else's 404 says that an order is not there.
        if (isProblem(await answer.json().catch(() => undefined))) return null;
        throw foreign(answer);
      }
      return await this.#read(answer, signal);
    } finally {
      release();
    }
  }

  /**
   * Opens a stream of events.
   * @param {string} path
   * @param {Record<string, string | null | undefined>} parameters
   * @param {string | undefined} lastEventId
   * @param {AbortSignal} signal Ends it.
   * @returns {Promise<ReadableStream<Uint8Array>>}
   */
  async open(path, parameters, lastEventId, signal) {
    const headers = { ...this.#headers, accept: 'text/event-stream' };
    if (lastEventId) headers['last-event-id'] = lastEventId;
    const ending = joinSignals([...this.#signals, ...this.#leaving, signal]).signal;
    const answer = await this.#fetch(path, parameters, headers, ending);
    if (answer.status !== 404) return endOnAbort(answer.body, ending);
    await answer.body?.cancel();
    throw fail('UNAVAILABLE', 'Orders.Query has no feed of changes.');
  }

  async #read(answer, signal) {
    try {
      return parseExact(await new Response(endOnAbort(answer.body, signal)).text());
    } catch (failure) {
      throw this.#unreachable(failure);
    }
  }

  async #fetch(path, parameters, headers, signal) {
    const url = new URL(this.#settings.queryUrl + path);
    for (const [name, value] of Object.entries(parameters ?? {})) {
      if (value !== undefined && value !== null) url.searchParams.set(name, String(value));
    }
    let answer;
    try {
      answer = await fetch(url, { headers, signal, redirect: 'error' });
    } catch (failure) {
      throw this.#unreachable(failure);
    }
    if (answer.ok || answer.status === 404) return answer;
    throw await explain(answer);
  }

  #unreachable(failure) {
    if (failure.name === 'TimeoutError') return fail('UNAVAILABLE', `Orders.Query did not answer within ${this.#settings.upstreamTimeoutMs} ms.`, { retryAfter: 1 });
    // The response is no longer needed.
    if (this.#signals.some(signal => signal.aborted)) return fail('UNAVAILABLE', 'The request was given up.');
    console.error(`Orders.Query at ${this.#settings.queryUrl}: ${failure.cause?.message || failure.cause?.code || failure.message}`);
    return fail('UNAVAILABLE', 'Orders.Query cannot be reached.', { retryAfter: 1 });
  }
}

// Orders.Query explains every refusal. A page of something in its place does not: it is no answer to the caller's request.
const isProblem = body => typeof body?.title === 'string' || typeof body?.detail === 'string' || (typeof body?.errors === 'object' && body.errors !== null);

function foreign(answer) {
  console.error(`Orders.Query: something else answers in its place, with ${answer.status}.`);
  return fail('UNAVAILABLE', 'Orders.Query cannot be reached.', { retryAfter: 1 });
}

async function explain(answer) {
  const body = await answer.json().catch(() => undefined);
  const mayBeBare = answer.status === 429 || answer.status === 503;
  if (!mayBeBare && (!isProblem(body) || answer.status === 502 || answer.status === 504)) return foreign(answer);
  const problem = body ?? {};
  const retryAfter = Number(answer.headers.get('retry-after')) || 1;
  const detail = problem.detail || problem.title || `Orders.Query answered ${answer.status}.`;
  switch (answer.status) {
    case 400:
      return explainInput(problem, detail);
    case 401:
      return fail('UNAUTHENTICATED', 'The credentials are wrong.');
    case 403:
      return fail('FORBIDDEN', detail);
    case 429:
      return fail('RATE_LIMITED', detail, { retryAfter });
    case 503:
      return fail('UNAVAILABLE', detail, { retryAfter });
    default:
      return new Error(`Orders.Query answered ${answer.status} to ${new URL(answer.url).pathname}: ${detail}`);
  }
}

function explainInput(problem, detail) {
  const fields = Object.fromEntries(Object.entries(problem.errors ?? {}).map(([name, problems]) => [argument(name), problems.map(inWordsOfSchema)]));
  const sentences = Object.entries(fields).flatMap(([name, problems]) => problems.map(text => `${name} ${text}`));
  return fail('BAD_USER_INPUT', sentences.join(' ') || detail, { fields });
}

function argument(parameter) {
  return ARGUMENTS[parameter] ?? parameter.replace(/_([a-z])/g, (_, letter) => letter.toUpperCase());
}

// Not limit and cursor, which are common words; and not quoted text, which comes from the caller.
const NAMES = new RegExp(`(?<![\\w'])(?:${Object.keys(ARGUMENTS).filter(name => /[_-]/.test(name)).join('|')})(?![\\w'])`, 'g');

/**
 * A sentence of Orders.Query about its parameters, with the names that the arguments have here.
 * @param {string} sentence
 */
export function inWordsOfSchema(sentence) {
  return sentence.replace(NAMES, argument);
}
