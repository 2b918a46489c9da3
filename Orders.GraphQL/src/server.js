import { STATUS_CODES, createServer } from 'node:http';
import { checkParameters, readBody } from './body.js';
import { fail, maskError, withCodes } from './errors.js';
import { keepDigits } from './json.js';

const HEALTH_TIMEOUT_MS = 2_000;
const RECEIVE_TIMEOUT_MS = 30_000;

// Longer than the usual 60 s of load balancers and client pools: the other side must close first, or a request may be lost.
const KEEP_ALIVE_MS = 150_000;

/**
 * The HTTP around the gateway: health, and the refusal of whoever shows no credentials.
 * @param {import('./settings.js').Settings} settings
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown} gateway
 */
export function createHttpServer(settings, gateway) {
  // Node's own error for a request without a host has no body.
  const server = createServer({ requireHostHeader: false }, (request, response) => {
    if (request.httpVersion === '1.1' && !request.headers.host) {
      // A client that breaks the protocol is disconnected at once.
      response.shouldKeepAlive = false;
      return refuse(response, fail('BAD_REQUEST', 'The header Host is missing: HTTP/1.1 asks for it.'));
    }
    const path = request.url.split('?', 1)[0].replace(/(?<=.)\/$/, '');
    if (path === '/graphql') return ask(settings, gateway, request, response);
    if (path === '/health/live') return answer(response, 200, { status: 'healthy' });
    if (path === '/health/ready') return ready(settings, response);
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

const NO_CREDENTIALS = 'Sign in with HTTP Basic, or with X-Api-Key: id.secret.';

function readAddress(request) {
  const [path, query] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
  checkParameters(parameters);
  if (!parameters.has('variables')) return;
  parameters.set('variables', keepDigits(parameters.get('variables')));
  request.url = `${path}?${parameters}`;
}

function isJson(request) {
  return request.headers['content-type']?.toLowerCase().includes('json') ?? false;
}

function hasCredentials(request) {
  return Boolean(request.headers.authorization || request.headers['x-api-key']);
}

async function ask(settings, gateway, request, response) {
  if (!hasCredentials(request)) return refuse(response, fail('UNAUTHENTICATED', NO_CREDENTIALS));
  try {
    if (request.method === 'POST') {
      const body = await readBody(request, settings.maxBodyBytes);
      // The adapter reads the body from here; it takes an empty one as not read yet.
      request.body = (isJson(request) ? keepDigits(body) : body) || ' ';
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

// Ready only with Orders.Query, without which no query can be answered.
async function ready(settings, response) {
  try {
    const upstream = await fetch(`${settings.queryUrl}/health/ready`, { signal: AbortSignal.timeout(HEALTH_TIMEOUT_MS) });
    await upstream.body?.cancel();
    const status = upstream.ok ? 'healthy' : 'unhealthy';
    answer(response, upstream.ok ? 200 : 503, { status, checks: { 'orders-query': { status, description: `answered ${upstream.status}` } } });
  } catch {
    answer(response, 503, { status: 'unhealthy', checks: { 'orders-query': { status: 'unhealthy', description: 'cannot be reached' } } });
  }
}

function answer(response, status, body, headers) {
  response.writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', ...headers });
  response.end(JSON.stringify(body));
}
