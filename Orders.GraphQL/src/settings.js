/** An invalid setting: its name and the remedy, in one line. */
export class SettingsError extends Error {}

/**
 * @typedef {object} Settings
 * @property {string} host Where to listen.
 * @property {number} port 0 for any free one.
 * @property {string} queryUrl The address of Orders.Query, without a slash at its end.
 * @property {boolean} isDevelopment Whether GraphiQL and introspection are offered.
 * @property {number} maxDepth Fields within fields.
 * @property {number} maxCost See limits.js.
 * @property {number} keyOperations Operations that one key may have under way.
 * @property {number} keySubscriptions Subscriptions that one key may have open.
 * @property {number} keyCostPerSecond The cost that one key may ask for in a second, see shares.js.
 * @property {number} maxTokens Words and signs in a query.
 * @property {number} maxBodyBytes Bytes in a request's body.
 * @property {number} upstreamTimeoutMs How long an answer of Orders.Query may take.
 * @property {number} feedSilenceMs How long the feed of changes may say nothing, not even a ping, before it is opened again.
 * @property {number} drainMs How long it goes on serving after it was asked to stop, not ready any more.
 * @property {boolean} trustProxy Whether all callers come through a load balancer, which adds their address to X-Forwarded-For.
 */

/**
 * Reads the settings from the environment.
 * @param {Record<string, string | undefined>} env
 * @returns {Settings}
 * @throws {SettingsError} For the first one that is wrong.
 */
export function readSettings(env) {
  // The default is the restrictive form.
  const isDevelopment = (env.ORDERS_ENVIRONMENT || env.NODE_ENV || '').toLowerCase() === 'development';
  return {
    host: env.HOST || '127.0.0.1',
    port: number(env, 'PORT', 8083, 0, 65_535),
    queryUrl: address(env, 'ORDERS_QUERY_URL', 'http://localhost:8081'),
    isDevelopment,
    drainMs: number(env, 'GRAPHQL_DRAIN_MS', isDevelopment ? 0 : 5_000, 0, 600_000),
    maxDepth: number(env, 'GRAPHQL_MAX_DEPTH', 12, 1, 100),
    maxCost: number(env, 'GRAPHQL_MAX_COST', 20_000, 1, 1_000_000),
    keyOperations: number(env, 'GRAPHQL_KEY_OPERATIONS', 50, 1, 100_000),
    keySubscriptions: number(env, 'GRAPHQL_KEY_SUBSCRIPTIONS', 200, 1, 100_000),
    keyCostPerSecond: number(env, 'GRAPHQL_KEY_COST_PER_SECOND', 400_000, 1, 100_000_000),
    maxTokens: number(env, 'GRAPHQL_MAX_TOKENS', 2_000, 1, 100_000),
    maxBodyBytes: number(env, 'GRAPHQL_MAX_BODY_BYTES', 100_000, 1, 10_000_000),
    upstreamTimeoutMs: number(env, 'GRAPHQL_UPSTREAM_TIMEOUT_MS', 10_000, 1, 600_000),
    feedSilenceMs: number(env, 'GRAPHQL_FEED_SILENCE_MS', 40_000, 1, 600_000),
    trustProxy: flag(env, 'GRAPHQL_TRUST_PROXY'),
  };
}

function number(env, name, fallback, smallest, largest) {
  const text = env[name];
  if (!text) return fallback;
  const value = /^\d{1,9}$/.test(text) ? Number(text) : NaN;
  if (value >= smallest && value <= largest) return value;
  throw new SettingsError(`${name}: '${text}' is not a whole number from ${smallest} to ${largest}. Correct it, or leave it out for ${fallback}.`);
}

function flag(env, name) {
  const text = env[name] || 'false';
  if (/^(true|false)$/i.test(text)) return text.toLowerCase() === 'true';
  throw new SettingsError(`${name}: '${text}' is not true or false. Correct it, or leave it out for false.`);
}

function address(env, name, fallback) {
  const text = env[name] || fallback;
  const url = URL.canParse(text) ? new URL(text) : undefined;
  const isPlain = url && /^https?:$/.test(url.protocol) && !url.username && !url.password && !url.search && !url.hash;
  if (isPlain) return url.href.replace(/\/+$/, '');
  throw new SettingsError(`${name}: '${text}' is not the address of a service. Write it as ${fallback}: http or https, host and port, no credentials.`);
}
