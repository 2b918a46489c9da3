import { between } from './times.js';

const Kept = 2000;

/** When the latest changes were projected and cached, which only the change feed tells. */
export class KnownTimes {
  #times = new Map();
  #waiting = new Map();

  /** @param {object} change an event of the feed */
  note(change) {
    const key = keyOf(change.order_id, change.version);
    const times = {
      projected: between(change.changed_at, change.projected_at),
      cached: between(change.changed_at, change.cached_at),
      heardAt: performance.now(),
    };
    this.#times.set(key, times);
    if (this.#times.size > Kept)
      this.#times.delete(this.#times.keys().next().value);
    this.#waiting.get(key)?.(times);
    this.#waiting.delete(key);
  }

  /** Milliseconds after the write, each null where it is not known; `heardAt` by this page's clock. */
  of(orderId, version) {
    return this.#times.get(keyOf(orderId, version)) ?? { projected: null, cached: null, heardAt: null };
  }

  /** The same, as soon as the feed has told of it. */
  async heard(orderId, version) {
    const key = keyOf(orderId, version);
    return this.#times.get(key) ?? await new Promise(resolve => this.#waiting.set(key, resolve));
  }
}

const keyOf = (orderId, version) => `${orderId} ${version}`;
