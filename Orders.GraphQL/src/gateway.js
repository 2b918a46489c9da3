import { NoSchemaIntrospectionCustomRule, execute, parse } from 'graphql';
import { createYoga } from 'graphql-yoga';
import { maskError, withCodes } from './errors.js';
import { CALL, checkLimits } from './limits.js';
import { Loaders } from './loaders.js';
import { buildSchema } from './schema.js';
import { Upstream } from './upstream.js';

/**
 * GraphQL over Orders.Query, as a handler of Node's requests.
 * @param {import('./settings.js').Settings} settings
 * @param {AbortSignal} stopping Aborts running requests.
 * @param {AbortSignal} leaving Ends subscriptions, some time before.
 */
export function createGateway(settings, stopping, leaving) {
  return createYoga({
    schema: buildSchema(),
    context: ({ req, res }) => {
      const upstream = new Upstream(settings, req, [stopping, whenClosed(res)], [leaving]);
      return { upstream, loaders: new Loaders(upstream), share: req.share };
    },
    plugins: [refusals(settings)],
    maskedErrors: { maskError },
    maxRequestBodySize: false,
    graphiql: settings.isDevelopment && { title: 'Orders', defaultQuery: EXAMPLE },
    // The whole page is in the package, so a browser loads nothing from elsewhere. Its 9 MB are read when it is first opened.
    renderGraphiQL: async options => (await import('@graphql-yoga/render-graphiql')).renderGraphiQL(options),
    landingPage: false,
    multipart: false,
    batching: false,
    cors: false,
    logging: 'silent',
  });
}

/** Aborts when the response is sent or the client disconnects, whichever comes first. */
function whenClosed(response) {
  const closed = new AbortController();
  if (response.closed) closed.abort();
  else response.once('close', () => closed.abort());
  return closed.signal;
}

/** The plugins that reject requests, and shape the errors. */
function refusals(settings) {
  const check = ({ args }) => {
    const cost = checkLimits(args.schema, args.document, args.operationName, args.variableValues, settings);
    args.contextValue.share.pay(cost);
    return cost;
  };
  return {
    onParse: ({ setParseFn }) => setParseFn((source, options) => parse(source, { ...options, maxTokens: settings.maxTokens })),
    onValidate: ({ addValidationRule }) => {
      if (!settings.isDevelopment) addValidationRule(NoSchemaIntrospectionCustomRule);
    },
    onExecute: payload => {
      check(payload);
      // Yoga's own formatter writes members in the order of completion; GraphQL requires the requested order.
      payload.setExecuteFn(execute);
    },
    onSubscribe: payload => {
      const { contextValue } = payload.args;
      contextValue.share.subscribe();
      // The call for the feed is paid once, what an event brings along each time.
      contextValue.feedSilenceMs = settings.feedSilenceMs;
      contextValue.eventCost = Math.max(1, check(payload) - CALL);
    },
    onResultProcess: ({ result, setResult }) => {
      if (!(Symbol.asyncIterator in result)) setResult(withCodes(result));
    },
    onResponse: ({ response, setResponse, fetchAPI }) => {
      // For a request that is not GraphQL only the status is sent.
      if (response.status < 400 || response.body) return;
      const error = { message: `${response.statusText || 'The request is refused'}. ${WAYS_OUT[response.status] ?? ''}`.trim(), extensions: { code: 'BAD_REQUEST' } };
      setResponse(fetchAPI.Response.json({ errors: [error] }, { status: response.status }));
    },
  };
}

const WAYS_OUT = {
  406: 'Accept application/json; a subscription is answered as text/event-stream.',
  415: 'Send Content-Type: application/json.',
};

const EXAMPLE = `{
  orders(first: 10) {
    edges {
      node {
        orderId
        status
        amount
        currency
        items { productName quantity unitPrice product { unitPrice } }
        customer { customerId orders(first: 3) { edges { node { orderId } } } }
      }
    }
    pageInfo { hasNextPage endCursor }
  }
}
`;
