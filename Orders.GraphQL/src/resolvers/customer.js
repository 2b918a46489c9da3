import { checkFirst, ownedId } from '../ids.js';
import { isCallOfItsOwn } from '../limits.js';
import { connection } from './connection.js';

export const Customer = {
  orderCount: customer => customer.orders,

  /** @param {import('./query.js').Context} context */
  orders: async (customer, args, context) => {
    const { merchant_id, customer_id } = customer;
    const first = checkFirst(args.first);
    const page = isCallOfItsOwn(args)
      ? await context.upstream.get('/v1/orders', { merchant_id, customer_id, limit: first, cursor: args.after })
      : await context.loaders.ordersOf(first).load(ownedId(merchant_id, customer_id));
    return connection(page);
  },
};
