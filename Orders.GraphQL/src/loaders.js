import DataLoader from 'dataloader';
import { badInput } from './errors.js';
import { ownedId } from './ids.js';
import { inWordsOfSchema } from './upstream.js';

/** Ids that a route of Orders.Query takes at once. */
const IDS_AT_ONCE = 100;

/** Orders that /v1/orders/by-customer gives at once. */
const ORDERS_AT_ONCE = 1000;

/** Bytes of ids in an address. Orders.Query takes 80 KiB of it, load balancers on the way 16. */
const BYTES_AT_ONCE = 15 * 1024;

/**
 * What one request, or one event of a subscription, loads by ids: all that its resolvers ask for in one turn goes upstream as one call, and nothing is asked for twice.
 * Customers and products are named by ownedId. One that cannot be had fails alone.
 */
export class Loaders {
  #upstream;
  #ordersOf = new Map();

  /** @param {import('./upstream.js').Upstream} upstream */
  constructor(upstream) {
    this.#upstream = upstream;
    this.orders = this.#byIds('/v1/orders', 'orders', order => order.order_id, id => id.toLowerCase());
    this.customers = this.#byIds('/v1/customers', 'customers', customer => ownedId(customer.merchant_id, customer.customer_id));
    this.products = this.#byIds('/v1/products', 'products', product => ownedId(product.merchant_id, product.product_id));
  }

  /**
   * Loads the first page of a customer's orders.
   * @param {number} first Orders of each customer, at most 50.
   * @returns {DataLoader<string, { orders: any[], next_cursor: string | null }>}
   */
  ordersOf(first) {
    if (!this.#ordersOf.has(first)) this.#ordersOf.set(first, this.#byCustomer(first));
    return this.#ordersOf.get(first);
  }

  #byIds(path, member, idOf, cacheKeyFn = id => id) {
    return new DataLoader(async ids => {
      const found = new Map();
      await this.#eachShare(path, ids, undefined, answer => answer[member].forEach(one => found.set(idOf(one), one)), found, cacheKeyFn);
      return ids.map(id => found.get(cacheKeyFn(id)) ?? null);
    }, { maxBatchSize: IDS_AT_ONCE, cacheKeyFn });
  }

  #byCustomer(first) {
    return new DataLoader(async ids => {
      const found = new Map();
      const take = answer => answer.customers.forEach(one => found.set(ownedId(one.merchant_id, one.customer_id), one));
      await this.#eachShare('/v1/orders/by-customer', ids, { limit_each: first }, take, found);
      return ids.map(id => found.get(id) ?? { orders: [], next_cursor: null });
    }, { maxBatchSize: Math.min(IDS_AT_ONCE, Math.floor(ORDERS_AT_ONCE / first)) });
  }

  // What is wrong with one id, or with all of a share, is the answer to these alone.
  async #eachShare(path, ids, parameters, take, found, keyOf = id => id) {
    await Promise.all(shares(ids).map(async share => {
      try {
        const answer = await this.#upstream.get(path, { ...parameters, ids: share.join(',') });
        take(answer);
        for (const { id, problem } of answer.problems ?? []) found.set(keyOf(id), badInput('id', inWordsOfSchema(problem)));
      } catch (failure) {
        for (const id of share) found.set(keyOf(id), failure);
      }
    }));
  }
}

/** Ids as shares that each fit an address. */
export function shares(ids) {
  const all = [[]];
  let bytes = 0;
  for (const id of ids) {
    const own = encodeURIComponent(id).length + 3;
    if (bytes + own > BYTES_AT_ONCE && all.at(-1).length > 0) {
      all.push([]);
      bytes = 0;
    }
    all.at(-1).push(id);
    bytes += own;
  }
  return all;
}
