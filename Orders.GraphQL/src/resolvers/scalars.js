import { GraphQLScalarType, Kind } from 'graphql';
import { badInput } from '../errors.js';

/** Orders.Query's digits, see json.js: a string, or a whole number that is small enough to be one. */
export const Decimal = new GraphQLScalarType({
  name: 'Decimal',
  serialize(value) {
    if (typeof value === 'string' || Number.isSafeInteger(value)) return String(value);
    throw new TypeError(`${typeof value} is no exact decimal`);
  },
});

// What a float holds to the digit is a number in JSON, what it does not is a string: no reader loses a digit, and small numbers are what they always were.
export const Long = new GraphQLScalarType({
  name: 'Long',
  serialize(value) {
    const number = Number(value);
    if (Number.isSafeInteger(number)) return number;
    if (typeof value === 'string') return value;
    throw new TypeError(`${typeof value} is no whole number`);
  },
  parseValue(value) {
    if (typeof value === 'string' && WHOLE.test(value)) return value;
    if (Number.isSafeInteger(value)) return String(value);
    throw badInput('Long', 'is a whole number; one beyond 9007199254740991 is a string of its digits, since a variable loses some as a number.');
  },
  parseLiteral(node) {
    if ((node.kind === Kind.INT || node.kind === Kind.STRING) && WHOLE.test(node.value)) return node.value;
    throw badInput('Long', 'is a whole number.');
  },
});

const WHOLE = /^-?\d{1,19}$/;

/** Passed on as it is: Orders.Query reads times, and says what is wrong with one. */
export const DateTime = new GraphQLScalarType({
  name: 'DateTime',
  serialize: String,
  parseValue(value) {
    if (typeof value === 'string') return value;
    throw badInput('DateTime', 'is a string such as "2026-01-31T09:30:00Z".');
  },
});

export const JSONValue = new GraphQLScalarType({ name: 'JSON', serialize: value => value });
