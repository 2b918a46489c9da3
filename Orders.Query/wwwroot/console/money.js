/**
 * An amount as text with its thousands apart: `12345.60` becomes `12,345.60`. Its digits are those that came; no float has seen them.
 * @param {string | number} amount
 */
export function formatAmount(amount) {
  const [whole, fraction] = String(amount).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/**
 * The exact sum of amounts of one currency, with the most digits that any of them has.
 * @param {(string | number)[]} amounts
 */
export function sumAmounts(amounts) {
  const texts = amounts.map(String);
  const digits = Math.max(0, ...texts.map(text => text.split('.')[1]?.length ?? 0));
  const total = texts.reduce((sum, text) => sum + scaled(text, digits), 0n);
  if (digits === 0)
    return String(total);
  const padded = String(total < 0n ? -total : total).padStart(digits + 1, '0');
  return `${total < 0n ? '-' : ''}${padded.slice(0, -digits)}.${padded.slice(-digits)}`;
}

function scaled(text, digits) {
  const [whole, fraction = ''] = text.split('.');
  return BigInt(whole + fraction.padEnd(digits, '0'));
}
