/**
 * Aborts as soon as one of several signals does, or after a time. Held by its sources until it is released, where AbortSignal.any and
 * AbortSignal.timeout are held weakly: whether a call to Orders.Query ends must not depend on the garbage collector.
 * @param {AbortSignal[]} signals
 * @param {number} [timeoutMs]
 * @returns {{ signal: AbortSignal, release: () => void }} To be released when nothing is left to abort; an abort does it by itself.
 */
export function joinSignals(signals, timeoutMs) {
  const joined = new AbortController();
  const listeners = signals.map(signal => () => joined.abort(signal.reason));
  signals.forEach((signal, i) => {
    if (signal.aborted) joined.abort(signal.reason);
    else signal.addEventListener('abort', listeners[i]);
  });
  const timer = timeoutMs === undefined ? undefined : setTimeout(() => joined.abort(new DOMException('The time is up.', 'TimeoutError')), timeoutMs);
  const release = () => {
    clearTimeout(timer);
    signals.forEach((signal, i) => signal.removeEventListener('abort', listeners[i]));
  };
  joined.signal.addEventListener('abort', release, { once: true });
  return { signal: joined.signal, release };
}

/**
 * A body that is given up as soon as a signal aborts. The signal that fetch was given is not enough: of a body that is being read it is held weakly,
 * and the connection to Orders.Query stays open behind a caller who has gone.
 * @param {ReadableStream<Uint8Array>} body
 * @param {AbortSignal} signal
 * @returns {ReadableStream<Uint8Array>} Fails with the signal's reason.
 */
export function endOnAbort(body, signal) {
  const reader = body.getReader();
  const cancel = () => reader.cancel(signal.reason).catch(() => {});
  if (signal.aborted) cancel();
  else signal.addEventListener('abort', cancel, { once: true });
  return new ReadableStream({
    async pull(controller) {
      const { done, value } = await reader.read();
      signal.throwIfAborted();
      if (done) controller.close();
      else controller.enqueue(value);
    },
    cancel: reason => reader.cancel(reason),
  });
}
