import { fail } from './errors.js';
import { isJsonType } from './body.js';

/** Headers of which a foreign page can send none: its browser would ask first (CORS), and this service says no. */
const PROOFS = ['x-api-key', 'x-requested-with', 'x-graphql-yoga-csrf', 'apollo-require-preflight', 'graphql-require-preflight'];

/**
 * Refuses what a form or a link of a foreign page could send with the credentials that a browser remembers.
 * @param {import('node:http').IncomingMessage} request
 * @param {{ isDevelopment: boolean }} settings
 * @throws {import('graphql').GraphQLError}
 */
export function refuseForeignPages(request, { isDevelopment }) {
  const { headers, method } = request;
  if (method === 'POST') {
    if (!isJsonType(headers['content-type'])) throw fail('BAD_REQUEST', 'A body of this type is not read here. Send Content-Type: application/json.', { http: { status: 415 } });
    return;
  }
  if (method !== 'GET' && method !== 'HEAD') return;
  // The page of GraphiQL is opened by a link, and asks nothing by itself.
  if (isDevelopment && headers.accept?.includes('text/html')) return;
  const isProven = PROOFS.some(name => headers[name]) || isJsonType(headers['content-type']) || headers['sec-fetch-site'] === 'same-origin';
  if (!isProven) throw fail('BAD_REQUEST', 'A foreign page could send this, since it has no header that a form cannot send. Add X-Requested-With: anything, or send a POST.', { http: { status: 403 } });
}
