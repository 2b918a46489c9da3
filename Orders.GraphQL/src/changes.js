import { setTimeout as pause } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { Repeater } from 'graphql-yoga';
import { fail } from './errors.js';
import { parseExact } from './json.js';
import { readEvents } from './sse.js';

const KINDS = new Set(['placed', 'changed', 'deleted']);

/** A feed that breaks off is opened again where it was, so often and with such pauses. */
const ATTEMPTS = 30;
const PAUSE_MS = 1000;

/**
 * Follows the feed of changes until its reader goes, or it stays away for half a minute.
 * @param {import('./upstream.js').Upstream} upstream
 * @param {Record<string, string | null | undefined>} filter
 * @param {string | undefined} after The cursor of the last change that is known.
 * @returns {AsyncIterable<any>}
 */
export function followChanges(upstream, filter, after) {
  return new Repeater(async (push, stop) => {
    const gone = new AbortController();
    stop.then(() => gone.abort());
    let last = after;
    for (let attempt = 0; !gone.signal.aborted; attempt++) {
      try {
        for await (const { event, id, data } of readEvents(await upstream.open('/v1/changes', filter, last, gone.signal))) {
          attempt = 0;
          last = id ?? last;
          if (event === 'reset') throw fail('FEED_RESET', 'The feed has begun anew: read again what you have, then subscribe without after.');
          if (KINDS.has(event)) await push({ ...parseExact(data), cursor: id });
        }
      } catch (failure) {
        if (gone.signal.aborted) break;
        // What Orders.Query refuses, it refuses again; and who has not begun yet learns at once that it cannot.
        const isRefused = failure instanceof GraphQLError && failure.extensions.code !== 'UNAVAILABLE';
        if (isRefused || last === after || attempt >= ATTEMPTS) throw failure;
      }
      if (attempt >= ATTEMPTS) throw fail('UNAVAILABLE', 'The feed of changes has ended.', { retryAfter: 1 });
      await pause(PAUSE_MS, undefined, { signal: gone.signal }).catch(() => {});
    }
    stop();
  });
}
