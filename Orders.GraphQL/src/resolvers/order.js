import { badInput } from '../errors.js';
import { checkFirst, ownedId } from '../ids.js';

/** @typedef {import('./query.js').Context} Context */

export const Order = {
  /** @param {Context} context */
  customer: (order, _, context) => (order.customer_id === null ? null : context.loaders.customers.load(ownedId(order.merchant_id, order.customer_id))),

  // A line does not say whose product it is.
  items: order => order.items.map(item => ({ ...item, merchant_id: order.merchant_id })),

  /** @param {Context} context */
  history: async (order, { first, afterVersion }, context) => {
    if (afterVersion?.startsWith('-')) throw badInput('afterVersion', 'is not a version.');
    const answer = await context.upstream.get(`/v1/orders/${order.order_id}/history`, { limit: checkFirst(first), after_version: afterVersion });
    return answer?.versions ?? [];
  },
};

export const OrderItem = {
  /** @param {Context} context */
  product: (item, _, context) => context.loaders.products.load(ownedId(item.merchant_id, item.product_id)),
};

/** The members of an order and of a line that are amounts. */
const AMOUNTS = new Set(['amount', 'unit_price']);

// An amount without a point, as JPY has them, is a number to json.js: what it stands under says what it is.
export const FieldChange = {
  from: change => withAmounts(change.field, change.from),
  to: change => withAmounts(change.field, change.to),
};

function withAmounts(name, value) {
  if (Array.isArray(value)) return value.map(one => withAmounts(name, one));
  if (value !== null && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([member, one]) => [member, withAmounts(member, one)]));
  return typeof value === 'number' && AMOUNTS.has(name) ? String(value) : value;
}
