import { badInput } from '../errors.js';
import { checkFirst } from '../ids.js';

/** @typedef {import('./query.js').Context} Context */

export const Order = {
  /** @param {Context} context */
  customer: (order, _, context) => (order.customer_id === null ? null : context.loaders.customers.load(`${order.merchant_id}/${order.customer_id}`)),

  // A line does not say whose product it is.
  items: order => order.items.map(item => ({ ...item, merchant_id: order.merchant_id })),

  /** @param {Context} context */
  history: async (order, { first, afterVersion }, context) => {
    if (afterVersion < 0) throw badInput('afterVersion', 'is not a version.');
    const answer = await context.upstream.get(`/v1/orders/${order.order_id}/history`, { limit: checkFirst(first), after_version: afterVersion });
    return answer?.versions ?? [];
  },
};

export const OrderItem = {
  /** @param {Context} context */
  product: (item, _, context) => context.loaders.products.load(`${item.merchant_id}/${item.product_id}`),
};
