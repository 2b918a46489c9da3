import { badInput } from './errors.js';

const ORDER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// As Orders.Domain has them; in a list of ids, a comma in one would make two.
const ID = /^[A-Za-z0-9._:@-]{1,128}$/;
const PROBLEM = 'is not 1 to 128 letters, digits or any of . _ : @ -';

/** Whether a text may be an order's id; any other is the id of no order. */
export function isOrderId(text) {
  return ORDER_ID.test(text);
}

/**
 * @param {string} field The argument, for the error.
 * @param {string | null | undefined} id
 * @returns {string | undefined} The id.
 */
export function checkId(field, id) {
  if (id === null || id === undefined) return undefined;
  if (!ID.test(id)) throw badInput(field, PROBLEM);
  return id;
}

/** Checks ids that may name their merchant: merchantId/id. */
export function checkOwnedIds(field, ids) {
  if (ids.length === 0 || ids.length > 100) throw badInput(field, 'takes 1 to 100 ids.');
  for (const id of ids) {
    const parts = id.split('/');
    if (parts.length > 2 || !parts.every(part => ID.test(part))) throw badInput(field, `has '${id.slice(0, 300)}': an id or merchantId/id ${PROBLEM}`);
  }
  return ids;
}

/** Checks a page's size. */
export function checkFirst(first) {
  if (first < 1 || first > 100) throw badInput('first', 'is not a whole number from 1 to 100.');
  return first;
}
