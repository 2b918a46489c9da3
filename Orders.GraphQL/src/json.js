// In JSON, digits are only in strings and numbers. This matches each string and each number as a whole.
const STRING_OR_NUMBER = /"[^"\\]*(?:\\.[^"\\]*)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

// A float holds every whole number of 15 digits.
const SMALL_INTEGER = /^-?\d{1,15}$/;

/**
 * Parses JSON without losing a digit: a number that a float may not hold exactly becomes a string with the same digits,
 * such as 200.00 or 12345678901234567890.12. Small whole numbers stay numbers.
 * @param {string} text
 * @returns {any}
 * @throws {SyntaxError}
 */
export function parseExact(text) {
  return JSON.parse(text.replace(STRING_OR_NUMBER, token => (token[0] === '"' || SMALL_INTEGER.test(token) ? token : `"${token}"`)));
}

// A float holds every whole number up to 9007199254740991 and not every one of 16 digits.
const LARGE_INTEGER = /^-?\d{16,}$/;

/**
 * Converts whole numbers in JSON that a float would change into strings, so that a variable (an id, or a Long) arrives unchanged.
 * @param {string} text
 */
export function keepDigits(text) {
  return text.replace(STRING_OR_NUMBER, token => (LARGE_INTEGER.test(token) && !Number.isSafeInteger(Number(token)) ? `"${token}"` : token));
}

// Brackets, and each string as a whole, with the colon that makes it a name.
const SIGN_OR_TEXT = /[{}[\]]|("[^"\\]*(?:\\.[^"\\]*)*")(\s*:)?/g;

const SHOWN_LENGTH = 64;

/**
 * Finds a name that an object in JSON has twice: JSON.parse silently takes the last of them. A name is the same with escapes.
 * @param {string} text JSON that can be parsed.
 * @returns {string | undefined} The path of the duplicate name, such as variables.filter.status; undefined when there is none.
 */
export function findTwin(text) {
  const open = [];
  for (const [token, written, colon] of text.matchAll(SIGN_OR_TEXT)) {
    if (token === '{' || token === '[') open.push({ names: new Set(), path: [] });
    else if (token === '}' || token === ']') open.pop();
    else if (colon) {
      const object = open.at(-1);
      const name = JSON.parse(written);
      object.path = [name];
      if (object.names.has(name)) return open.flatMap(({ path }) => path).map(shown).join('.');
      object.names.add(name);
    }
  }
  return undefined;
}

function shown(name) {
  return name.length > SHOWN_LENGTH ? `${name.slice(0, SHOWN_LENGTH)}…` : name;
}
