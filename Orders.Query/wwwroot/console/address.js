/** What the page shows, kept in the part of its address behind the #, so that a reload or a link shows the same. */
export class Address {
  #listeners = [];

  constructor() {
    addEventListener('hashchange', () => this.#listeners.forEach(listener => listener()));
  }

  /** The order whose history is open, or null. */
  get order() {
    return this.#read().get('order');
  }

  /** The merchant whose orders are shown, or null for all. */
  get merchant() {
    return this.#read().get('merchant');
  }

  /** Changes one or both; null takes one away. */
  set(changes) {
    const state = this.#read();
    for (const [name, value] of Object.entries(changes)) {
      if (value)
        state.set(name, value);
      else
        state.delete(name);
    }
    const hash = state.toString();
    if (hash === location.hash.slice(1))
      return;
    // Back leads to what was shown before.
    location.hash = hash;
  }

  onChange(listener) {
    this.#listeners.push(listener);
  }

  #read() {
    return new URLSearchParams(location.hash.slice(1));
  }
}
