const Token = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const SafeDigits = 15;

/**
 * Reads JSON without losing a digit: a number with a fraction, an exponent or more digits than a float holds becomes the text that stood there,
 * so that 200.00 stays 200.00. Other numbers stay numbers.
 */
export const readExact = text => JSON.parse(text.replace(Token, token =>
  token[0] !== '"' && (/[.eE]/.test(token) || token.length > SafeDigits) ? `"${token}"` : token));

/** Whether a whole number that was read so is larger than another: to a float, two large ones are the same. */
export const isLarger = (one, other) => BigInt(one) > BigInt(other);
