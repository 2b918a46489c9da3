import { badInput } from '../errors.js';
import { checkFirst, checkId, checkIds, escape, isOrderId, ownedId, parts } from '../ids.js';
import { shares } from '../loaders.js';
import { inWordsOfSchema } from '../upstream.js';
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
function owned(path, member) {
  return async (_, args, context) => {
    const id = checkId('id', args.id);
    const merchantId = checkId('merchantId', args.merchantId);
    if (merchantId) return context.loaders[member].load(ownedId(merchantId, id));
    if (!IS_NO_PATH.test(id)) return context.upstream.get(`${path}/${encodeURIComponent(id)}`);
    return (await context.upstream.get(path, { ids: escape(id) }))[member][0] ?? null;
  };
}

// As a path segment, `.` and `..` are normalized away, and a proxy may decode %2F, %5C and %25.
const IS_NO_PATH = /^\.{1,2}$|[/\\%]/;

function ownedList(path, member, idMember) {
  return async (_, args, context) => {
    const ids = checkIds('ids', args.ids);
    const merchantId = checkId('merchantId', args.merchantId);
    const sent = ids.filter(text => text.isWellFormed()).map(text => text.replaceAll(',', '%2C'));
    const answers = await Promise.all(shares(sent).map(share => context.upstream.get(path, { ids: share.join(','), merchant_id: merchantId })));
    const found = answers.flatMap(answer => answer[member]);
    const problems = new Map(answers.flatMap(answer => answer.problems ?? []).map(one => [one.id, one.problem]));
    return ids.map(text => {
      const { merchantId: merchant = merchantId, id } = parts(text);
      const problem = problems.get(text) ?? problems.get(merchant === undefined ? escape(id) : ownedId(merchant, id));
      if (problem) return badInput('ids', `has '${text.slice(0, 300)}', which ${inWordsOfSchema(problem)}`);
      return found.find(one => one[idMember] === id && (merchant === undefined || one.merchant_id === merchant)) ?? null;
    });
  };
}
