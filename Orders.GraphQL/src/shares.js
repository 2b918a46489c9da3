import { setTimeout as pause } from 'node:timers/promises';
import { fail } from './errors.js';

/** What a request costs before its query is read: a key that sends what cannot be parsed pays too. */
const REQUEST_COST = 50;

/** The bytes of a body that cost as much as a field. */
const BYTES_PER_COST = 100;

/** The fair share of each key: how much it may have under way, and how much it may ask for in a second. */
export class Shares {
  #settings;

  // Keys that Orders.Query knows, so there are as many as its settings name.
  #accounts = new Map();

  /** @param {import('./settings.js').Settings} settings */
  constructor(settings) {
    this.#settings = settings;
  }

  /**
   * Lets a request in.
   * @param {string} keyId Whose.
   * @returns {Share} To be closed at its end.
   * @throws {import('graphql').GraphQLError} RATE_LIMITED
   */
  enter(keyId) {
    if (!this.#accounts.has(keyId)) this.#accounts.set(keyId, new Account(this.#settings));
    return new Share(this.#accounts.get(keyId));
  }
}

/** What one key has left. */
class Account {
  operations = 0;
  subscriptions = 0;
  #perSecond;
  #most;
  #left;
  #at = performance.now();

  constructor(settings) {
    this.settings = settings;
    this.#perSecond = settings.keyCostPerSecond;
    // The most that a single query may cost must fit, or it could never be asked.
    this.#most = 2 * Math.max(settings.keyCostPerSecond, settings.maxCost) + REQUEST_COST + settings.maxBodyBytes / BYTES_PER_COST;
    this.#left = this.#most;
  }

  /** @returns {number} 0 when it is paid, or the seconds after which it could be. */
  pay(cost) {
    const now = performance.now();
    this.#left = Math.min(this.#most, this.#left + (this.#perSecond * (now - this.#at)) / 1000);
    this.#at = now;
    if (this.#left < cost) return (cost - this.#left) / this.#perSecond;
    this.#left -= cost;
    return 0;
  }
}

/** A request's part of what its key may have. */
export class Share {
  #account;
  #holds;

  constructor(account) {
    this.#account = account;
    this.#take('operations', account.settings.keyOperations, 'operations');
    try {
      this.pay(REQUEST_COST);
    } catch (refusal) {
      this.close();
      throw refusal;
    }
  }

  /** Pays for something, or throws RATE_LIMITED with the time after which it can be paid. */
  pay(cost) {
    const seconds = this.#account.pay(cost);
    if (seconds > 0) {
      throw fail('RATE_LIMITED', `This key asks for more than ${this.#account.settings.keyCostPerSecond} of cost a second. Ask for less at once, or later.`, { retryAfter: Math.ceil(seconds) });
    }
  }

  /** Pays for a body that was received. */
  payBytes(length) {
    this.pay(Math.floor(length / BYTES_PER_COST));
  }

  /**
   * Pays for an event of a subscription, and waits until it can be paid: the reader gets every event, later.
   * @param {number} cost
   * @param {AbortSignal} signal The reader has gone.
   */
  async payLater(cost, signal) {
    for (let seconds; (seconds = this.#account.pay(cost)) > 0; ) {
      await pause(Math.min(Math.ceil(seconds * 1000), 1000), undefined, { signal });
    }
  }

  /** From now on the request counts as a subscription. */
  subscribe() {
    this.close();
    this.#take('subscriptions', this.#account.settings.keySubscriptions, 'subscriptions');
  }

  /** Gives back what the request holds. */
  close() {
    if (this.#holds) this.#account[this.#holds]--;
    this.#holds = undefined;
  }

  #take(kind, most, words) {
    if (this.#account[kind] >= most) throw fail('RATE_LIMITED', `This key has ${most} ${words} under way already. Wait for one of them to end.`, { retryAfter: 1 });
    this.#account[kind]++;
    this.#holds = kind;
  }
}
