import { checkId } from '../ids.js';
import { followChanges } from '../changes.js';

export const Subscription = {
  orderChanged: {
    /** @param {import('./query.js').Context} context */
    subscribe: (_, { merchantId, orderId, customerId, after }, context) => {
      const filter = { merchant_id: checkId('merchantId', merchantId), order_id: orderId, customer_id: checkId('customerId', customerId) };
      return followChanges(context.upstream, filter, after ?? undefined);
    },
    resolve: change => change,
  },
};
