import { readExact } from './exact-json.js';
import { queryOf } from './service.js';

// The server says something at least every 15 s.
const Silence = 40_000;
const FirstWait = 500;
const LongestWait = 8_000;
const BadRequest = 400;

/**
 * The changes of orders as they are told, for ever: a connection that ends is made again where it ended. By fetch, since an EventSource cannot
 * show a key.
 */
export class ChangeStream {
  #stop = new AbortController();
  #service;
  #parameters;
  #listener;
  #position = null;
  #wait = FirstWait;

  /**
   * @param {import('./service.js').Service} service Orders.Query
   * @param {Record<string, string>} parameters which changes
   * @param {{change: (change: object) => void, reset?: () => void, connected?: (is: boolean) => void}} listener `reset`: changes may be missing,
   * read again
   */
  constructor(service, parameters, listener) {
    this.#service = service;
    this.#parameters = parameters;
    this.#listener = listener;
    this.#run();
  }

  close() {
    this.#stop.abort();
  }

  async #run() {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#listen();
      } catch (failure) {
        // A position that this server cannot read, of another one that stood here before.
        if (failure.status === BadRequest && this.#position !== null) {
          this.#position = null;
          this.#listener.reset?.();
        }
        this.#wait = Math.max(this.#wait, (failure.retryAfter ?? 0) * 1000);
      }
      if (this.#stop.signal.aborted)
        return;
      this.#listener.connected?.(false);
      await new Promise(resolve => setTimeout(resolve, this.#wait));
      this.#wait = Math.min(this.#wait * 2, LongestWait);
    }
  }

  async #listen() {
    const silent = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, silent.signal]);
    let timer;
    const alive = () => {
      clearTimeout(timer);
      timer = setTimeout(() => silent.abort(), Silence);
    };
    try {
      alive();
      const headers = { Accept: 'text/event-stream', ...(this.#position === null ? {} : { 'Last-Event-ID': this.#position }) };
      const answer = await this.#service.ask('GET', `/v1/changes${queryOf(this.#parameters)}`, { headers, signal });
      this.#wait = FirstWait;
      this.#listener.connected?.(true);
      for await (const event of eventsOf(answer.body, alive))
        this.#hear(event);
    } finally {
      clearTimeout(timer);
    }
  }

  #hear({ name, id, data }) {
    if (id !== null)
      this.#position = id;
    if (name === 'reset')
      this.#listener.reset?.();
    else if (name !== 'ready' && data !== '')
      this.#listener.change(readExact(data));
  }
}

/**
 * The events of a text/event-stream, one after another.
 * @param {ReadableStream<Uint8Array>} body
 * @param {() => void} alive called for whatever arrives, comments too
 */
export async function* eventsOf(body, alive = () => {}) {
  let rest = '';
  let event = { name: 'message', id: null, data: [] };
  // Read by hand: not every browser can go through a stream by for await.
  const reader = body.pipeThrough(new TextDecoderStream()).getReader();
  for (;;) {
    const { value, done } = await reader.read();
    if (done)
      return;
    alive();
    const lines = (rest + value).split(/\r?\n/);
    rest = lines.pop();
    for (const line of lines) {
      if (line !== '') {
        take(event, line);
        continue;
      }
      if (event.data.length > 0 || event.id !== null)
        yield { ...event, data: event.data.join('\n') };
      event = { name: 'message', id: null, data: [] };
    }
  }
}

function take(event, line) {
  const colon = line.indexOf(':');
  const field = colon < 0 ? line : line.slice(0, colon);
  const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
  if (field === 'event')
    event.name = value;
  else if (field === 'id')
    event.id = value;
  else if (field === 'data')
    event.data.push(value);
}
