import { setTimeout as pause } from 'node:timers/promises';
import { GraphQLError } from 'graphql';
import { Repeater } from 'graphql-yoga';
import { fail } from './errors.js';
import { parseExact } from './json.js';
import { joinSignals } from './signals.js';
import { readEvents } from './sse.js';

const KINDS = new Set(['placed', 'changed', 'deleted']);

/** The retries and their backoff after the feed breaks off; it continues at its last position. */
const ATTEMPTS = 30;
const PAUSE_MS = 1000;

/**
 * Follows the feed of changes until the reader leaves, or the feed is unavailable for half a minute.
 * @param {import('./upstream.js').Upstream} upstream
 * @param {Record<string, string | null | undefined>} filter
 * @param {string | undefined} after The cursor of the last known change.
 * @param {(signal: AbortSignal) => Promise<void>} pay Waits until an event is paid for.
 * @param {number} silenceMs A feed that says nothing for so long, not even a ping, is dead: it is opened again.
 * @returns {AsyncIterable<any>}
 */
export function followChanges(upstream, filter, after, pay, silenceMs) {
  return new Repeater(async (push, stop) => {
    const gone = new AbortController();
    stop.then(() => gone.abort());
    let last = after;
    for (let attempt = 0; !gone.signal.aborted; attempt++) {
      const silence = new Silence(gone.signal, silenceMs);
      try {
        for await (const { event, id, data } of readEvents(await upstream.open('/v1/changes', filter, last, silence.signal), silence)) {
          attempt = 0;
          last = id ?? last;
          if (event === 'reset') throw fail('FEED_RESET', 'The feed has begun anew: read again what you have, then subscribe without after.');
          if (!KINDS.has(event)) continue;
          await pay(gone.signal);
          await push({ ...parseExact(data), cursor: id });
        }
      } catch (failure) {
        if (gone.signal.aborted) break;
        // A rejected request would be rejected again; and before the first change, an error is reported at once.
        const isRefused = failure instanceof GraphQLError && failure.extensions.code !== 'UNAVAILABLE';
        if (isRefused || (last === after && !silence.isOver) || attempt >= ATTEMPTS) throw failure;
      } finally {
        silence.end();
      }
      if (attempt >= ATTEMPTS) throw fail('UNAVAILABLE', 'The feed of changes has ended.', { retryAfter: 1 });
      await pause(PAUSE_MS, undefined, { signal: gone.signal }).catch(() => {});
    }
    stop();
  });
}

/** Aborts when a feed that is waited for says nothing. The time that a slow subscriber takes does not count. */
class Silence {
  #ms;
  #over = new AbortController();
  #joined;
  #timer;

  constructor(gone, ms) {
    this.#ms = ms;
    this.#joined = joinSignals([gone, this.#over.signal]);
  }

  get signal() {
    return this.#joined.signal;
  }

  get isOver() {
    return this.#over.signal.aborted;
  }

  waits() {
    this.#timer = setTimeout(() => this.#over.abort(new DOMException('The feed is silent.', 'TimeoutError')), this.#ms);
  }

  hears() {
    clearTimeout(this.#timer);
  }

  end() {
    this.hears();
    this.#joined.release();
  }
}
