import { STATUS_CODES, createServer } from 'node:http';
import { checkParameters, readBody } from './body.js';
import { refuseForeignPages } from './crosssite.js';
import { fail, maskError, withCodes } from './errors.js';
import { keepDigits } from './json.js';
import { joinSignals } from './signals.js';

const HEALTH_TIMEOUT_MS = 2_000;
const RECEIVE_TIMEOUT_MS = 30_000;

// Longer than the usual 60 s of load balancers and client pools: the other side must close first, or a request may be lost.
const KEEP_ALIVE_MS = 150_000;

/**
 * The HTTP around the gateway: health, who asks, and each key's fair share.
 * @param {import('./settings.js').Settings} settings
 * @param {{ signIn: import('./signin.js').SignIn, shares: import('./shares.js').Shares }} doors
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown} gateway
 * @param {AbortSignal} leaving From when it stops: it is not ready, and no connection is kept.
 */
export function createHttpServer(settings, doors, gateway, leaving) {
  const ready = readiness(settings, leaving);
  // Node's own error for a request without a host has no body.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    for (const [name, value] of SAFE_HEADERS) response.setHeader(name, value);
    if (leaving.aborted) response.shouldKeepAlive = false;
    if (request.httpVersion === '1.1' && !request.headers.host) {
      // A client that breaks the protocol is disconnected at once.
      response.shouldKeepAlive = false;
      return refuse(response, fail('BAD_REQUEST', 'The header Host is missing: HTTP/1.1 asks for it.'));
    }
    const path = request.url.split('?', 1)[0].replace(/(?<=.)\/$/, '');
    if (path === '/graphql') return ask(settings, doors, gateway, request, response);
    if (path === '/health/live') return answer(response, 200, { status: 'healthy' });
    if (path === '/health/ready') return ready(response);
    return answer(response, 404, { errors: [{ message: 'There is nothing here: GraphQL is at /graphql.', extensions: { code: 'NOT_FOUND' } }] });
  });
  server.requestTimeout = RECEIVE_TIMEOUT_MS;
  server.headersTimeout = RECEIVE_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on('clientError', refuseUnread);
  server.on('connect', (_, socket) => {
    socket.on('error', () => socket.destroy());
    answerUnread(socket, 405, 'This is no proxy: CONNECT is not taken. GraphQL is asked by GET or POST at /graphql.', ['Allow: GET, POST']);
  });
  server.on('checkExpectation', (request, response) => {
    // It is unknown whether a body follows.
    response.shouldKeepAlive = false;
    refuse(response, fail('BAD_REQUEST', `The header Expect says '${request.headers.expect}': only 100-continue can be met.`, { http: { status: 417 } }));
  });
  return server;
}

// Answers are for the key that asked, and are never a page to be framed or guessed at.
const SAFE_HEADERS = [['Cache-Control', 'no-store'], ['X-Content-Type-Options', 'nosniff'], ['Content-Security-Policy', "frame-ancestors 'none'"], ['Referrer-Policy', 'no-referrer']];

function readAddress(request) {
  const [path, query] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  checkParameters(parameters);
  if (!parameters.has('variables')) return;
  parameters.set('variables', keepDigits(parameters.get('variables')));
  request.url = `${path}?${parameters}`;
}

// First who asks, then whether the key has a place; only then is anything of the request read.
async function ask(settings, { signIn, shares }, gateway, request, response) {
  let share;
  try {
    const caller = await signIn.who(request);
    share = shares.enter(caller.key_id);
  } catch (failure) {
    return refuseAtDoor(response, maskError(failure));
  }
  response.once('close', () => share.close());
  // It has gone while its key was looked at.
  if (response.closed) return share.close();
  request.share = share;
  try {
    refuseForeignPages(request, settings);
    if (request.method === 'POST') {
      const body = await readBody(request, settings.maxBodyBytes);
      share.payBytes(body.length);
      // The adapter reads the body from here; it takes an empty one as not read yet.
      request.body = keepDigits(body) || ' ';
      // The body is now uncompressed UTF-8.
      delete request.headers['content-encoding'];
    } else {
      readAddress(request);
    }
  } catch (failure) {
    return refuse(response, maskError(failure));
  }
  return gateway(request, response);
}

const UNREAD = {
  HPE_HEADER_OVERFLOW: [431, 'The headers are too large: 16 KiB of them are taken.'],
  HPE_CHUNK_EXTENSIONS_OVERFLOW: [413, 'The chunks of the body have extensions that are too large.'],
  ERR_HTTP_REQUEST_TIMEOUT: [408, 'The request did not come to its end in time. Send it again.'],
};

const MALFORMED = 'The request is malformed: its line and its headers must be those of HTTP/1.1, in ASCII. Percent-encode other letters of an address as UTF-8.';

// A request that Node cannot parse reaches no handler, and would be answered with a status only.
function refuseUnread(failure, socket) {
  if (failure.code === 'ECONNRESET' || !socket.writable) return void socket.destroy(failure);
  answerUnread(socket, ...(UNREAD[failure.code] ?? [400, MALFORMED]));
}

function answerUnread(socket, status, message, headers = []) {
  const body = JSON.stringify({ errors: [{ message, extensions: { code: status === 413 ? 'REQUEST_ENTITY_TOO_LARGE' : 'BAD_REQUEST' } }] });
  const head = [`HTTP/1.1 ${status} ${STATUS_CODES[status]}`, 'Content-Type: application/json; charset=utf-8', `Content-Length: ${Buffer.byteLength(body)}`, 'Connection: close', ...headers];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

function refuse(response, error) {
  const [coded] = withCodes({ errors: [error] }).errors;
  const { http, ...extensions } = coded.extensions;
  answer(response, http.status, { errors: [{ message: coded.message, extensions }] }, http.headers);
}

// Problem details, as the other services answer at their door, with the errors that a GraphQL client looks for.
function refuseAtDoor(response, error) {
  const [coded] = withCodes({ errors: [error] }).errors;
  const { http, ...extensions } = coded.extensions;
  const problem = { type: 'about:blank', title: STATUS_CODES[http.status], status: http.status, detail: coded.message, retry_after: extensions.retryAfter };
  answer(response, http.status, { ...problem, errors: [{ message: coded.message, extensions }] }, { ...http.headers, 'Content-Type': 'application/problem+json' });
}

// Ready only with Orders.Query, without which no query can be answered. Anybody may ask: questions that come together share a look.
function readiness(settings, leaving) {
  let look;
  return async response => {
    if (leaving.aborted) return answer(response, 503, { status: 'unhealthy', checks: { process: { status: 'unhealthy', description: 'stopping' } } });
    look ??= lookAtUpstream(settings).finally(() => (look = undefined));
    const { isReady, description } = await look;
    const status = isReady ? 'healthy' : 'unhealthy';
    answer(response, isReady ? 200 : 503, { status, checks: { 'orders-query': { status, description } } });
  };
}

async function lookAtUpstream(settings) {
  const { signal, release } = joinSignals([], HEALTH_TIMEOUT_MS);
  try {
    const upstream = await fetch(`${settings.queryUrl}/health/ready`, { signal });
    // A page of something else may be a 200, too.
    const body = await upstream.json().catch(() => undefined);
    return { isReady: upstream.ok && typeof body?.status === 'string', description: `answered ${upstream.status}` };
  } catch {
    return { isReady: false, description: 'cannot be reached' };
  } finally {
    release();
  }
}

function answer(response, status, body, headers) {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
