import DataLoader from 'dataloader';
import { badInput } from './errors.js';
import { ownedId } from './ids.js';
import { inWordsOfSchema } from './upstream.js';

/** The most ids in one call of Orders.Query. */
const IDS_AT_ONCE = 100;

/** The most orders in one call of /v1/orders/by-customer. */
const ORDERS_AT_ONCE = 1000;

/** The most bytes of ids in a URL. Orders.Query accepts 80 KiB, load balancers 16. */
const BYTES_AT_ONCE = 15 * 1024;

/**
 * Loads by ids for one request, or one event of a subscription. All loads of its resolvers in one tick are one upstream call, and nothing is loaded twice.
 * Customers and products are named by ownedId. One that cannot be loaded fails alone.
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

  // An error of one id, or of one call, affects only these ids.
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

/** Splits ids into groups that each fit a URL. */
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
