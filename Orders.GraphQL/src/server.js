import { createServer } from 'node:http';
import { fail, withCodes } from './errors.js';
import { keepDigits } from './json.js';

const HEALTH_TIMEOUT_MS = 2_000;
const RECEIVE_TIMEOUT_MS = 30_000;

// Longer than the 60 s of usual load balancers and the pools of usual clients: whoever closes first must be the other side, or a request is lost.
const KEEP_ALIVE_MS = 150_000;

/**
 * The HTTP around the gateway: health, and the refusal of whoever shows no credentials.
 * @param {import('./settings.js').Settings} settings
 * @param {(request: import('node:http').IncomingMessage, response: import('node:http').ServerResponse) => unknown} gateway
 */
export function createHttpServer(settings, gateway) {
  const server = createServer((request, response) => {
    const path = request.url.split('?', 1)[0].replace(/(?<=.)\/$/, '');
    if (path === '/graphql') return ask(settings, gateway, request, response);
    if (path === '/health/live') return answer(response, 200, { status: 'healthy' });
    if (path === '/health/ready') return ready(settings, response);
    return answer(response, 404, { errors: [{ message: 'There is nothing here: GraphQL is at /graphql.', extensions: { code: 'NOT_FOUND' } }] });
  });
  server.requestTimeout = RECEIVE_TIMEOUT_MS;
  server.headersTimeout = RECEIVE_TIMEOUT_MS;
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  return server;
}

const NO_CREDENTIALS = 'Sign in with HTTP Basic, or with X-Api-Key: id.secret.';

function keepDigitsOfVariables(request) {
  const [path, query] = request.url.split('?', 2);
  const parameters = new URLSearchParams(query);
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
  if (request.method === 'POST') {
    const body = await readBody(request, settings.maxBodyBytes);
    if (body === undefined) return refuse(response, fail('REQUEST_ENTITY_TOO_LARGE', `The body is too large: it may have ${settings.maxBodyBytes} bytes.`));
    // The adapter takes a body from here, and an empty one for none yet.
    request.body = (isJson(request) ? keepDigits(body) : body) || ' ';
  } else {
    keepDigitsOfVariables(request);
  }
  return gateway(request, response);
}

// A body that is too large is still taken to its end: the next request on this connection would wait behind it. The timeout bounds that.
function readBody(request, limit) {
  return new Promise(resolve => {
    const chunks = [];
    let length = 0;
    request.on('data', chunk => {
      length += chunk.length;
      if (length <= limit) chunks.push(chunk);
      else resolve(undefined);
    });
    request.on('end', () => resolve(Buffer.concat(chunks).toString()));
    request.on('error', () => resolve(undefined));
  });
}

function refuse(response, error) {
  const [coded] = withCodes({ errors: [error] }).errors;
  const { http, ...extensions } = coded.extensions;
  answer(response, http.status, { errors: [{ message: coded.message, extensions }] }, http.headers);
}

// Ready is who can answer, and without Orders.Query nothing can be.
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
