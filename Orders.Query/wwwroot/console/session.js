const Kept = 'key';

/** The key that this tab is signed in with. It lives as long as the tab. */
export class Session {
  #key = JSON.parse(sessionStorage.getItem(Kept) ?? 'null');
  #onRefused;

  /** @param {(why: string) => void} onRefused hears that a service does not take the key any more */
  constructor(onRefused) {
    this.#onRefused = onRefused;
  }

  get isSignedIn() {
    return this.#key !== null;
  }

  /** The header that shows the key. */
  get headers() {
    return headersOf(this.#key);
  }

  keep(key) {
    this.#key = key;
    sessionStorage.setItem(Kept, JSON.stringify(key));
  }

  forget() {
    this.#key = null;
    sessionStorage.removeItem(Kept);
  }

  /** To be called when an answer was 401. Does nothing for one that comes after signing out. */
  refused() {
    if (!this.isSignedIn)
      return;
    this.forget();
    this.#onRefused('This key is not known here, or no longer. Sign in again.');
  }
}

/** @param {{id: string, secret: string} | {key: string} | null} key */
export function headersOf(key) {
  if (key === null)
    return {};
  if ('key' in key)
    return { 'X-Api-Key': latin1(key.key) };
  return { Authorization: `Basic ${btoa(latin1(`${key.id}:${key.secret}`))}` };
}

// Headers and btoa take bytes; the services read them as UTF-8.
const latin1 = text => String.fromCharCode(...new TextEncoder().encode(text));
