import { GraphQLScalarType } from 'graphql';
import { badInput } from '../errors.js';

/** Orders.Query's digits, see json.js: a string, or a whole number that is small enough to be one. */
export const Decimal = new GraphQLScalarType({
  name: 'Decimal',
  serialize(value) {
    if (typeof value === 'string' || Number.isSafeInteger(value)) return String(value);
    throw new TypeError(`${typeof value} is no exact decimal`);
  },
});

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
