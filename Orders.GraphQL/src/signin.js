import { createHmac, randomBytes } from 'node:crypto';
import { fail } from './errors.js';
import { Upstream, callerAddress } from './upstream.js';

/** How long a right key is believed without a look: a key that was taken back stops after this time at the latest. */
const BELIEVED_MS = 5_000;

/** The most right keys that are remembered at once. */
const MOST_REMEMBERED = 1_000;

/** How many looks may be under way, in all and for one address: a flood of wrong keys must not take every connection to Orders.Query. */
const MOST_LOOKS = 256;
const MOST_LOOKS_EACH = 16;

const NO_CREDENTIALS = 'Sign in with HTTP Basic, or with X-Api-Key: id.secret.';

/**
 * @typedef {object} Caller
 * @property {string} key_id
 * @property {string[]} merchants
 * @property {string[]} scopes
 */

/**
 * Finds out who asks, before anything else of a request is looked at. This service has no keys: Orders.Query knows them, counts wrong ones
 * against the caller's address, and refuses an address with too many. Only right keys are remembered, for a few seconds, by a hash.
 */
export class SignIn {
  #settings;
  #stopping;
  #known = new Map();
  #looks = new Map();
  #looksOf = new Map();

  // Of this process: a hash in a dump of its memory cannot be looked up elsewhere.
  #secret = randomBytes(32);

  /**
   * @param {import('./settings.js').Settings} settings
   * @param {AbortSignal} stopping Aborts the looks that are under way.
   */
  constructor(settings, stopping) {
    this.#settings = settings;
    this.#stopping = stopping;
  }

  /**
   * @param {import('node:http').IncomingMessage} request
   * @returns {Promise<Caller>}
   * @throws {import('graphql').GraphQLError} UNAUTHENTICATED, FORBIDDEN, RATE_LIMITED or UNAVAILABLE.
   */
  async who(request) {
    const { authorization, 'x-api-key': apiKey } = request.headers;
    if (!authorization && !apiKey) throw fail('UNAUTHENTICATED', NO_CREDENTIALS);
    const key = this.#hash(authorization, apiKey);
    const known = this.#known.get(key);
    if (known && known.until > performance.now()) return known.caller;
    this.#known.delete(key);

    // Requests that come together with the same key and from the same place share a look.
    const address = callerAddress(request, this.#settings);
    const flight = `${key} ${address}`;
    let look = this.#looks.get(flight);
    if (!look) {
      look = this.#look(request, key, address).finally(() => this.#looks.delete(flight));
      this.#looks.set(flight, look);
    }
    return look;
  }

  async #look(request, key, address) {
    const ofAddress = this.#looksOf.get(address) ?? 0;
    if (ofAddress >= MOST_LOOKS_EACH || this.#looks.size >= MOST_LOOKS) throw fail('UNAVAILABLE', 'Too many sign-ins are under way. Ask again in a moment.', { retryAfter: 1 });
    this.#looksOf.set(address, ofAddress + 1);
    try {
      // Not given up when this caller leaves: others may wait for it, and it is bounded in time.
      const caller = await new Upstream(this.#settings, request, [this.#stopping]).get('/v1/whoami');
      if (typeof caller?.key_id !== 'string') throw fail('UNAVAILABLE', 'Orders.Query does not say who asks: it is older than this service.', { retryAfter: 5 });
      this.#remember(key, caller);
      return caller;
    } finally {
      const left = this.#looksOf.get(address) - 1;
      if (left > 0) this.#looksOf.set(address, left);
      else this.#looksOf.delete(address);
    }
  }

  #remember(key, caller) {
    if (this.#known.size >= MOST_REMEMBERED) this.#known.delete(this.#known.keys().next().value);
    this.#known.set(key, { caller, until: performance.now() + BELIEVED_MS });
  }

  #hash(...credentials) {
    return createHmac('sha256', this.#secret).update(JSON.stringify(credentials)).digest('base64');
  }
}
