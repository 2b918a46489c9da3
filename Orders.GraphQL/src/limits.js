import { Kind, getArgumentValues, getNamedType, getVariableValues } from 'graphql';
import { fail } from './errors.js';

// A query's cost is computed before it runs: each field counts as often as it may occur. A field with a separate upstream call costs
// more.
export const CALL = 500;

/** The assumed length of a list without an argument for it. */
const LINES = 5;
const HOURS = 24;
const MOST_HOURS = 31 * 24;
const MOST_EACH = 50;

/** The fields that are lists or calls: their length, and their own cost. */
const FIELDS = {
  'Query.orders': { size: args => args.first, own: CALL },
  'Query.customer': { own: args => (args.merchantId ? 1 : CALL) },
  'Query.customers': { size: args => args.ids.length, own: CALL },
  'Query.product': { own: args => (args.merchantId ? 1 : CALL) },
  'Query.products': { size: args => args.ids.length, own: CALL },
  'Query.totals': { size: args => (args.from || args.to ? MOST_HOURS : HOURS), own: CALL },
  'Customer.orders': { size: args => args.first, own: args => (isCallOfItsOwn(args) ? CALL : 1) },
  'Order.items': { size: () => LINES },
  'Order.history': { size: args => args.first, own: CALL },
  'Subscription.orderChanged': { own: CALL },
};

/** Whether a page of a customer's orders cannot be batched with those of others. */
export function isCallOfItsOwn({ first, after }) {
  return Boolean(after) || first > MOST_EACH;
}

/**
 * Rejects an operation that is too deep or costs too much.
 * @param {import('graphql').GraphQLSchema} schema
 * @param {import('graphql').DocumentNode} document One that has passed validation.
 * @param {string | null | undefined} operationName
 * @param {Record<string, unknown> | null | undefined} variables
 * @param {{ maxDepth: number, maxCost: number }} limits
 * @returns {number} What it costs.
 * @throws {import('graphql').GraphQLError}
 */
export function checkLimits(schema, document, operationName, variables, { maxDepth, maxCost }) {
  const operations = document.definitions.filter(one => one.kind === Kind.OPERATION_DEFINITION);
  const operation = operationName ? operations.find(one => one.name?.value === operationName) : operations.length === 1 ? operations[0] : undefined;
  if (!operation) return 0;
  const root = schema.getRootType(operation.operation);
  if (!root) throw fail('BAD_REQUEST', `There is no ${operation.operation} here: orders are written by Orders.Api.`);
  const { coerced, errors } = getVariableValues(schema, operation.variableDefinitions ?? [], variables ?? {});
  // The execution reports what is wrong with them.
  if (errors) return 0;
  const { depth, cost } = new Meter(schema, document, coerced).measure(operation.selectionSet, root);
  if (depth > maxDepth) throw fail('QUERY_TOO_DEEP', `The query is ${depth} fields deep, and may be ${maxDepth}. Ask for what is deeper with a query of its own.`);
  if (cost > maxCost) throw fail('QUERY_TOO_COSTLY', `The query may cost ${cost}, and up to ${maxCost} is let through. Ask for fewer fields or aliases, or for smaller pages with first.`, { cost, maxCost });
  return cost;
}

class Meter {
  #schema;
  #variables;
  #fragments;
  #measured = new Map();

  constructor(schema, document, variables) {
    this.#schema = schema;
    this.#variables = variables;
    this.#fragments = new Map(document.definitions.filter(one => one.kind === Kind.FRAGMENT_DEFINITION).map(one => [one.name.value, one]));
  }

  measure(selectionSet, type) {
    let depth = 0;
    let cost = 0;
    for (const selection of selectionSet.selections) {
      const part = this.#measureOne(selection, type);
      depth = Math.max(depth, part.depth);
      cost = Math.min(cost + part.cost, Number.MAX_SAFE_INTEGER);
    }
    return { depth, cost };
  }

  #measureOne(selection, type) {
    if (selection.kind === Kind.FIELD) return this.#field(selection, type);
    if (selection.kind === Kind.INLINE_FRAGMENT) return this.measure(selection.selectionSet, this.#on(selection) ?? type);
    return this.#spread(selection.name.value);
  }

  // Each fragment once: spread within one another they could double with every line.
  #spread(name) {
    if (!this.#measured.has(name)) {
      const fragment = this.#fragments.get(name);
      this.#measured.set(name, this.measure(fragment.selectionSet, this.#on(fragment)));
    }
    return this.#measured.get(name);
  }

  #on(fragment) {
    return fragment.typeCondition ? this.#schema.getType(fragment.typeCondition.name.value) : undefined;
  }

  #field(node, type) {
    const field = type.getFields?.()[node.name.value];
    // __typename, and introspection, which is for Development alone.
    if (!field) return { depth: 1, cost: 1 };
    const rule = FIELDS[`${type.name}.${field.name}`];
    const args = rule ? getArgumentValues(field, node, this.#variables) : {};
    const own = typeof rule?.own === 'function' ? rule.own(args) : (rule?.own ?? 1);
    if (!node.selectionSet) return { depth: 1, cost: own };
    const below = this.measure(node.selectionSet, getNamedType(field.type));
    // An argument out of bounds is rejected later, by name.
    const size = rule?.size ? Math.min(Math.max(rule.size(args), 1), MOST_HOURS) : 1;
    return { depth: below.depth + 1, cost: Math.min(own + size * below.cost, Number.MAX_SAFE_INTEGER) };
  }
}
