import { readFileSync } from 'node:fs';
import { isObjectType } from 'graphql';
import { createSchema } from 'graphql-yoga';
import { Customer } from './resolvers/customer.js';
import { FieldChange, Order, OrderItem } from './resolvers/order.js';
import { Query } from './resolvers/query.js';
import { DateTime, Decimal, JSONValue, Long } from './resolvers/scalars.js';
import { Subscription } from './resolvers/subscription.js';

/** schema.graphql with its resolvers. A field without one is Orders.Query's member of the same name, in snake_case. */
export function buildSchema() {
  const schema = createSchema({
    typeDefs: readFileSync(new URL('schema.graphql', import.meta.url), 'utf8'),
    resolvers: {
      Query,
      Subscription,
      Order,
      OrderItem,
      FieldChange,
      Customer,
      Decimal,
      Long,
      DateTime,
      JSON: JSONValue,
      OrderStatus: inLowerCase('PLACED', 'PAID', 'SHIPPED', 'COMPLETED', 'CANCELLED'),
      ChangeKind: inLowerCase('PLACED', 'CHANGED', 'DELETED'),
    },
  });
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type) || type.name.startsWith('__')) continue;
    for (const field of Object.values(type.getFields())) field.resolve ??= memberOf(field.name);
  }
  return schema;
}

function memberOf(field) {
  const member = field.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`);
  // Objects made by this process already have the schema's names.
  return source => (member in source ? source[member] : source[field]);
}

function inLowerCase(...names) {
  return Object.fromEntries(names.map(name => [name, name.toLowerCase()]));
}
