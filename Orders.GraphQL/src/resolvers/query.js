import { checkFirst, checkId, checkOwnedIds, isOrderId } from '../ids.js';
import { connection } from './connection.js';

/** @typedef {{ upstream: import('../upstream.js').Upstream, loaders: import('../loaders.js').Loaders }} Context */

export const Query = {
  /** @param {Context} context */
  order: (_, { id }, context) => (isOrderId(id) ? context.loaders.orders.load(id) : null),

  /** @param {Context} context */
  orders: async (_, { first, after, filter }, context) =>
    connection(await context.upstream.get('/v1/orders', {
      limit: checkFirst(first),
      cursor: after,
      merchant_id: filter?.merchantId,
      customer_id: filter?.customerId,
      status: filter?.status,
      currency: filter?.currency,
      from: filter?.from,
      to: filter?.to,
    })),

  customer: owned('/v1/customers', 'customers'),
  customers: ownedList('/v1/customers', 'customers', 'customer_id'),
  product: owned('/v1/products', 'products'),
  products: ownedList('/v1/products', 'products', 'product_id'),

  /** @param {Context} context */
  totals: async (_, { merchantId, currency, from, to }, context) =>
    (await context.upstream.get('/v1/totals/hourly', { merchant_id: merchantId, currency, from, to })).hours,
};

// Without a merchant an id may belong to several, which is an error of that one: it goes alone.
function owned(path, loader) {
  return (_, args, context) => {
    const id = checkId('id', args.id);
    const merchantId = checkId('merchantId', args.merchantId);
    return merchantId ? context.loaders[loader].load(`${merchantId}/${id}`) : context.upstream.get(`${path}/${encodeURIComponent(id)}`);
  };
}

function ownedList(path, member, idMember) {
  return async (_, args, context) => {
    const ids = checkOwnedIds('ids', args.ids);
    const merchantId = checkId('merchantId', args.merchantId);
    const answer = await context.upstream.get(path, { ids: ids.join(','), merchant_id: merchantId });
    return ids.map(text => {
      const [id, merchant = merchantId] = text.split('/').reverse();
      return answer[member].find(one => one[idMember] === id && (!merchant || one.merchant_id === merchant)) ?? null;
    });
  };
}
