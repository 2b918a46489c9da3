import { checkId } from '../ids.js';
import { followChanges } from '../changes.js';
import { Loaders } from '../loaders.js';

export const Subscription = {
  orderChanged: {
    /** @param {import('./query.js').Context & { share: import('../shares.js').Share, eventCost: number, feedSilenceMs: number }} context */
    subscribe: (_, { merchantId, orderId, customerId, after }, context) => {
      const filter = { merchant_id: checkId('merchantId', merchantId), order_id: orderId, customer_id: checkId('customerId', customerId) };
      return followChanges(context.upstream, filter, after ?? undefined, signal => context.share.payLater(context.eventCost, signal), context.feedSilenceMs);
    },
    /** @param {import('./query.js').Context} context */
    resolve: (change, _, context) => {
      // All events of a subscription have one context, and what was loaded for one of them is old for the next.
      context.loaders = new Loaders(context.upstream);
      return change;
    },
  },
};
