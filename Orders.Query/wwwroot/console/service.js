import { readExact } from './exact-json.js';

const Unauthorized = 401;

/** Where the routes of the service begin that this page came from. */
export const Home = '.';

/** An answer that is no success, or none at all (status 0). */
export class Failure extends Error {
  constructor(status, message, errors = {}, retryAfter = null) {
    super(message);
    Object.assign(this, { status, errors, retryAfter });
  }
}

/** One of the services, asked with the tab's key. */
export class Service {
  #name;
  #base;
  #session;

  /**
   * @param {string} name for messages
   * @param {string} base where its routes begin, without a slash at the end; `Home` for the service that this page came from
   * @param {import('./session.js').Session} session
   */
  constructor(name, base, session) {
    this.#name = name;
    this.#base = base;
    this.#session = session;
  }

  /** The JSON at a path, digits kept. @throws {Failure} */
  async read(path, parameters = {}, options = {}) {
    return readExact(await (await this.ask('GET', path + queryOf(parameters), options)).text());
  }

  /** Sends JSON. The answer's body is null where there is none. @throws {Failure} */
  async send(method, path, body = undefined, headers = {}) {
    const answer = await this.ask(method, path, {
      headers: body === undefined ? headers : { 'Content-Type': 'application/json', ...headers },
      body,
    });
    const text = await answer.text();
    return text === '' ? null : readExact(text);
  }

  /** The answer itself, once its headers are there. @throws {Failure} */
  async ask(method, path, { headers = {}, body, signal, key } = {}) {
    const answer = await this.#fetch(`${this.#base}${path}`, {
      method,
      body,
      signal,
      headers: { ...(key ?? this.#session.headers), ...headers },
      // The key is in a header of ours. With credentials the browser would put its own dialog over a 401.
      credentials: 'omit',
      cache: 'no-store',
    });
    if (answer.ok)
      return answer;
    // The tab is signed in to the service that it came from; another may know other keys.
    if (answer.status === Unauthorized && key === undefined && this.#base === Home)
      this.#session.refused();
    throw await failureOf(answer, this.#name);
  }

  async #fetch(url, options) {
    try {
      return await fetch(url, options);
    } catch (failure) {
      if (failure.name === 'AbortError')
        throw failure;
      throw new Failure(0, `${this.#name} does not answer.`);
    }
  }
}

/** `?a=1&b=2` of what has a value. */
export function queryOf(parameters) {
  const known = Object.entries(parameters).filter(([, value]) => value !== null && value !== undefined && value !== '');
  return known.length === 0 ? '' : `?${new URLSearchParams(known)}`;
}

async function failureOf(answer, name) {
  const retryAfter = Number(answer.headers.get('Retry-After')) || null;
  try {
    if (answer.status === Unauthorized)
      return new Failure(answer.status, `${name} does not know this key.`);
    const problem = JSON.parse(await answer.text());
    return new Failure(answer.status, problem.detail ?? problem.title, problem.errors ?? {}, retryAfter);
  } catch {
    return new Failure(answer.status, `${name} answered ${answer.status}.`, {}, retryAfter);
  }
}
