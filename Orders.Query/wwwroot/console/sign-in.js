import { byId, write } from './dom.js';
import { headersOf } from './session.js';

const Words = { 401: 'This key is not known here.', 429: 'Too many wrong keys came from this address. Wait a little.' };

/** The form that asks for a key. A key is kept only once the service has taken it. */
export class SignIn {
  #form = byId('sign-in');
  #query;
  #session;
  #onSignedIn;
  #path;

  /**
   * @param {import('./service.js').Service} query
   * @param {import('./session.js').Session} session
   * @param {{id: string, secret: string} | null} localKey what is offered in Development
   * @param {() => void} onSignedIn
   * @param {string} path what a key is tried at
   */
  constructor(query, session, localKey, onSignedIn, path = '/v1/status') {
    this.#query = query;
    this.#session = session;
    this.#onSignedIn = onSignedIn;
    this.#path = path;
    if (localKey !== null) {
      byId('key-id').value = localKey.id;
      byId('key-secret').value = localKey.secret;
      byId('local-key-hint').hidden = false;
    }
    this.#form.addEventListener('change', () => this.#showKind());
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      this.#try();
    });
  }

  /** @param {string} why what has happened, where the form comes back */
  show(why = '') {
    byId('gate').hidden = false;
    write(byId('sign-in-error'), why);
    // What is filled in needs only to be confirmed.
    (byId('key-id').value === '' ? byId('key-id') : this.#form.querySelector('button')).focus();
  }

  hide() {
    byId('gate').hidden = true;
  }

  async #try() {
    const button = this.#form.querySelector('button');
    const { kind, id, secret, key } = Object.fromEntries(new FormData(this.#form));
    const shown = kind === 'key' ? { key: key.trim() } : { id: id.trim(), secret };
    button.disabled = true;
    write(byId('sign-in-error'), '');
    try {
      await this.#query.ask('GET', this.#path, { key: headersOf(shown) });
      this.#session.keep(shown);
      this.hide();
      this.#onSignedIn();
    } catch (failure) {
      write(byId('sign-in-error'), Words[failure.status] ?? failure.message);
    } finally {
      button.disabled = false;
    }
  }

  #showKind() {
    const isKey = this.#form.elements.kind.value === 'key';
    byId('pair-fields').hidden = isKey;
    byId('key-fields').hidden = !isKey;
  }
}
