import DataLoader from 'dataloader';

/** Ids that a route of Orders.Query takes at once. */
const IDS_AT_ONCE = 100;

/** Orders that /v1/orders/by-customer gives at once. */
const ORDERS_AT_ONCE = 1000;

/**
 * What one request, or one event of a subscription, loads by ids: all that its resolvers ask for in one turn goes upstream as one call, and nothing is asked for twice.
 * Customers and products are named merchantId/id.
 */
export class Loaders {
  #upstream;
  #ordersOf = new Map();

  /** @param {import('./upstream.js').Upstream} upstream */
  constructor(upstream) {
    this.#upstream = upstream;
    this.orders = this.#byIds('/v1/orders', 'orders', order => order.order_id, id => id.toLowerCase());
    this.customers = this.#byIds('/v1/customers', 'customers', customer => `${customer.merchant_id}/${customer.customer_id}`);
    this.products = this.#byIds('/v1/products', 'products', product => `${product.merchant_id}/${product.product_id}`);
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

  #byIds(path, member, idOf, cacheKeyFn) {
    return new DataLoader(async ids => {
      const answer = await this.#upstream.get(path, { ids: ids.join(',') });
      const found = new Map(answer[member].map(one => [idOf(one), one]));
      return ids.map(id => found.get(cacheKeyFn ? cacheKeyFn(id) : id) ?? null);
    }, { maxBatchSize: IDS_AT_ONCE, cacheKeyFn });
  }

  #byCustomer(first) {
    return new DataLoader(async ids => {
      const answer = await this.#upstream.get('/v1/orders/by-customer', { ids: ids.join(','), limit_each: first });
      const found = new Map(answer.customers.map(one => [`${one.merchant_id}/${one.customer_id}`, one]));
      return ids.map(id => found.get(id) ?? { orders: [], next_cursor: null });
    }, { maxBatchSize: Math.min(IDS_AT_ONCE, Math.floor(ORDERS_AT_ONCE / first)) });
  }
}
