import { ChangeStream } from './change-stream.js';
import { announce, byId, make, write } from './dom.js';
import { Steps } from './steps.js';

const Currencies = ['INR', 'USD', 'EUR', 'GBP', 'JPY', 'KWD', 'AUD', 'BRL', 'CAD', 'CHF', 'CNY', 'SEK', 'SGD', 'ZAR'];
const JsonNumber = /^(0|[1-9]\d*)(\.\d+)?$/;
const WaitSeconds = 10;

/** Places an order and follows it until it can be read. */
export class PlaceOrder {
  #form = byId('place');
  #api;
  #query;
  #times;
  #filter;
  #onPlaced;
  #steps = new Steps(byId('steps'));
  #idempotencyKey = null;

  /**
   * @param {import('./service.js').Service | null} api Orders.Api; null where the page has not been told of one
   * @param {import('./service.js').Service} query
   * @param {import('./known-times.js').KnownTimes} times
   * @param {() => string | null} filter the merchant that the change feed of the page is about
   * @param {(orderId: string) => void} onPlaced
   */
  constructor(api, query, times, filter, onPlaced) {
    this.#api = api;
    this.#query = query;
    this.#times = times;
    this.#filter = filter;
    this.#onPlaced = onPlaced;
    if (api === null) {
      this.#form.replaceChildren(make('p', { class: 'empty' }, 'This page has not been told where orders are placed: set Console__ApiUrl for Orders.Query.'));
      byId('steps').hidden = true;
      return;
    }
    this.#form.append(...this.#makeFields());
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      this.#place();
    });
    // Another order is another request.
    this.#form.addEventListener('input', () => this.#idempotencyKey = null);
  }

  /** Offers the merchant of the filter. */
  suggest(merchant) {
    if (merchant && this.#form.elements.merchant_id)
      this.#form.elements.merchant_id.value = merchant;
  }

  async #place() {
    const button = this.#form.querySelector('button');
    const merchant = this.#form.elements.merchant_id.value.trim();
    this.#showErrors({}, '');
    button.disabled = true;
    // The page's own feed tells nothing of a merchant that it is not about.
    const filter = this.#filter();
    const feed = filter !== null && filter !== merchant
      ? new ChangeStream(this.#query, { merchant_id: merchant }, { change: change => this.#times.note(change) })
      : null;
    try {
      await this.#follow();
    } catch (failure) {
      this.#steps.clear();
      if (failure.status >= 400 && failure.status < 500)
        this.#idempotencyKey = null;
      this.#showErrors(failure.errors ?? {}, failure.message);
    } finally {
      feed?.close();
      button.disabled = false;
    }
  }

  async #follow() {
    this.#idempotencyKey ??= newKey();
    this.#steps.begin();
    const sent = performance.now();
    const order = await this.#api.send('POST', '/v1/orders', this.#body(), { 'Idempotency-Key': this.#idempotencyKey });
    this.#idempotencyKey = null;
    this.#steps.accepted(performance.now() - sent, order.placed_at);
    this.#onPlaced(order.order_id);
    const feed = this.#times.heard(order.order_id, order.version).then(times => this.#steps.heard(times, times.heardAt - sent));
    const servedBy = await this.#readable(order.order_id);
    this.#steps.readable(performance.now() - sent, servedBy);
    announce(`Order placed, readable after ${Math.round(performance.now() - sent)} milliseconds.`);
    // Read it can be; what the feed tells may come a little later, or not at all when it is interrupted.
    await Promise.race([feed, new Promise(resolve => setTimeout(resolve, WaitSeconds * 1000))]);
  }

  async #readable(orderId) {
    const path = `/v1/orders/${orderId}?min_version=1`;
    const answer = await this.#query.ask('GET', path, { headers: { Prefer: `wait=${WaitSeconds}` } });
    return answer.headers.get('X-Served-By');
  }

  // By hand, because an amount must arrive with the digits that were typed.
  #body() {
    const value = name => this.#form.elements[name].value.trim();
    const members = ['merchant_id', 'customer_id', 'currency'].filter(name => value(name) !== '').map(name => `"${name}":${JSON.stringify(value(name))}`);
    const amount = value('amount');
    if (amount !== '')
      members.push(`"amount":${JsonNumber.test(amount) ? amount : JSON.stringify(amount)}`);
    return `{${members.join(',')}}`;
  }

  #showErrors(errors, message) {
    let first = null;
    for (const input of this.#form.querySelectorAll('input, select')) {
      const text = errors[input.name]?.join(' ') ?? '';
      input.toggleAttribute('aria-invalid', text !== '');
      write(byId(`${input.id}-error`), text === '' ? '' : text[0].toUpperCase() + text.slice(1));
      if (text !== '')
        first ??= input;
    }
    // What is said at a field is not said twice.
    write(byId('place-error'), first === null ? message : '');
    first?.focus();
  }

  #makeFields() {
    return [
      field('merchant_id', 'Merchant', { value: 'merchant-102', maxlength: 128, spellcheck: 'false' }),
      field('customer_id', 'Customer', { placeholder: 'optional', maxlength: 128, spellcheck: 'false' }),
      field('amount', 'Amount', { value: '200.00', inputmode: 'decimal' }),
      field('currency', 'Currency', { value: 'INR', list: 'currencies', maxlength: 3, spellcheck: 'false', autocapitalize: 'characters' }),
      make('datalist', { id: 'currencies' }, ...Currencies.map(currency => make('option', { value: currency }))),
      make('p', { class: 'error wide', id: 'place-error', role: 'alert' }),
      make('button', { class: 'main wide', type: 'submit' }, 'Place order'),
    ];
  }
}

function field(name, label, attributes) {
  const id = `place-${name}`;
  return make('div', { class: 'field' },
    make('label', { for: id }, label),
    make('input', { id, name, autocomplete: 'off', 'aria-describedby': `${id}-error`, ...attributes }),
    make('span', { class: 'error', id: `${id}-error` }));
}

// Not randomUUID, which browsers have for encrypted pages and this machine's only.
const newKey = () => Array.from(crypto.getRandomValues(new Uint8Array(16)), byte => byte.toString(16).padStart(2, '0')).join('');
