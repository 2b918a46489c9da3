import { badInput } from './errors.js';

const ORDER_ID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// Orders.Query accepts any id that it may hold, and rejects others. Half of a UTF-16 pair cannot even be sent.
const PROBLEM = 'is not a text that can be an id: it has half of a pair of UTF-16, or nothing at all.';

/** Whether a text may be an order's id; any other is treated as unknown. */
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
  if (id === '' || !id.isWellFormed()) throw badInput(field, PROBLEM);
  return id;
}

/** Checks how many ids there are. */
export function checkIds(field, ids) {
  if (ids.length === 0 || ids.length > 100) throw badInput(field, 'takes 1 to 100 ids.');
  return ids;
}

/**
 * An id with its merchant, in the format of lists of Orders.Query.
 * @param {string} merchantId
 * @param {string} id
 */
export function ownedId(merchantId, id) {
  return `${escape(merchantId)}/${escape(id)}`;
}

/** Escapes an entry of such a list. */
export function escape(id) {
  return id.replace(/[%,/]/g, encodeURIComponent);
}

/** An id or merchantId/id as its two parts, as in Orders.Query: invalid escapes stand for themselves. */
export function parts(text) {
  const at = text.indexOf('/');
  return at < 0 ? { id: unescape(text) } : { merchantId: unescape(text.slice(0, at)), id: unescape(text.slice(at + 1)) };
}

function unescape(text) {
  return text.replace(/(?:%[0-9a-f]{2})+/gi, octets => {
    try {
      return decodeURIComponent(octets);
    } catch {
      return octets;
    }
  });
}

/** Checks a page's size. */
export function checkFirst(first) {
  if (first < 1 || first > 100) throw badInput('first', 'is not a whole number from 1 to 100.');
  return first;
}
