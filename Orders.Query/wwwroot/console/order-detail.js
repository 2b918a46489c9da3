import { announce, byId, make, write } from './dom.js';
import { formatAmount } from './money.js';
import { added, between, clockOf, dateOf, duration } from './times.js';

const Next = { placed: ['paid', 'cancelled'], paid: ['shipped', 'cancelled'], shipped: ['completed'] };
const Verbs = { paid: 'Mark paid', shipped: 'Mark shipped', completed: 'Complete', cancelled: 'Cancel order' };
const NotFound = 404;
const ReloadAfter = 150;

/** One order with every version of it, and what can be done with it next. */
export class OrderDetail {
  #body = byId('detail-body');
  #query;
  #api;
  #times;
  #orderId = null;
  #reload = null;

  /**
   * @param {import('./service.js').Service} query
   * @param {import('./service.js').Service | null} api
   * @param {import('./known-times.js').KnownTimes} times
   * @param {() => void} onClose
   */
  constructor(query, api, times, onClose) {
    this.#query = query;
    this.#api = api;
    this.#times = times;
    byId('detail-close').addEventListener('click', onClose);
    byId('detail').addEventListener('keydown', event => {
      if (event.key === 'Escape' && this.#orderId !== null)
        onClose();
    });
    this.#showNone();
  }

  /** Opens an order; null closes. */
  async show(orderId) {
    if (orderId === this.#orderId)
      return;
    this.#orderId = orderId;
    byId('detail-close').hidden = orderId === null;
    if (orderId === null) {
      this.#showNone();
      return;
    }
    this.#body.replaceChildren(make('p', { class: 'empty' }, 'Loading…'));
    await this.#load();
  }

  /** Reads the order again when it is the one that changed. */
  changed(orderId) {
    if (orderId === this.#orderId)
      this.#reload ??= setTimeout(() => this.#load(), ReloadAfter);
  }

  async #load() {
    this.#reload = null;
    const id = this.#orderId;
    try {
      const [order, history] = await Promise.all([this.#orNull(`/v1/orders/${encodeURIComponent(id)}`), this.#orNull(`/v1/orders/${encodeURIComponent(id)}/history`)]);
      if (id === this.#orderId)
        this.#show(order, history?.versions ?? []);
    } catch (failure) {
      if (id === this.#orderId)
        this.#body.replaceChildren(make('p', { class: 'empty' }, failure.message), make('button', { type: 'button', onclick: () => this.#load() }, 'Try again'));
    }
  }

  async #orNull(path) {
    try {
      return await this.#query.read(path);
    } catch (failure) {
      if (failure.status === NotFound)
        return null;
      throw failure;
    }
  }

  #showNone() {
    this.#body.replaceChildren(make('p', { class: 'empty' }, 'Choose an order in the list to see every version of it and what can be done next.'));
  }

  #show(order, versions) {
    const last = order ?? versions.at(-1)?.order;
    if (last === undefined) {
      this.#body.replaceChildren(make('p', { class: 'empty' }, 'There is no such order, or this key may not see it.'));
      return;
    }
    const focused = document.activeElement?.dataset.verb;
    const scrolled = this.#body.scrollTop;
    this.#body.replaceChildren(
      this.#head(last, order === null),
      facts(last),
      order === null || this.#api === null ? '' : this.#actions(order),
      last.items.length === 0 ? '' : items(last),
      make('h3', {}, 'Versions'),
      versions.length === 0 ? make('p', { class: 'empty' }, 'No history is known.') : make('ol', { class: 'versions' }, ...versions.map((version, i) => this.#version(version, versions[i - 1])).reverse()));
    this.#body.scrollTop = scrolled;
    // A change of the order must not take the focus from who works with it.
    if (focused)
      (this.#body.querySelector(`[data-verb="${focused}"]`) ?? this.#body.querySelector('button'))?.focus();
  }

  #head(order, deleted) {
    const copy = make('button', { class: 'quiet', type: 'button', 'data-verb': 'copy', onclick: () => this.#copy(order.order_id, copy) }, 'Copy id');
    const status = deleted ? 'deleted' : order.status;
    return make('div', { class: 'detail-id' }, make('span', { class: 'status', 'data-status': status }, status), copy, make('span', { class: 'mono full-id' }, order.order_id));
  }

  async #copy(text, button) {
    try {
      await navigator.clipboard.writeText(text);
      write(button, 'Copied');
    } catch {
      write(button, 'Not allowed');
    }
    setTimeout(() => write(button, 'Copy id'), 1500);
  }

  #actions(order) {
    const error = make('p', { class: 'error', role: 'alert' });
    const button = (word, verb, act) => make('button', { type: 'button', 'data-verb': verb, onclick: async event => {
      event.target.disabled = true;
      try {
        write(error, '');
        await act();
        announce(`${word}: done.`);
        this.changed(order.order_id);
      } catch (failure) {
        write(error, failure.message);
        event.target.disabled = false;
      }
    } }, word);
    const headers = { 'If-Match': `"${order.version}"` };
    const path = `/v1/orders/${order.order_id}`;
    const steps = (Next[order.status] ?? []).map(status =>
      button(Verbs[status], status, () => this.#api.send('PATCH', path, JSON.stringify({ status }), headers)));
    const remove = make('button', { type: 'button', 'data-verb': 'delete', onclick: () => {
      const really = button('Really delete?', 'really', () => this.#api.send('DELETE', path, undefined, headers));
      really.classList.add('danger');
      remove.replaceWith(really);
      really.focus();
    } }, 'Delete');
    return make('div', { class: 'actions' }, ...steps, remove, error);
  }

  #version(version, before) {
    const { projected, cached } = this.#times.of(version.order.order_id, version.version);
    const since = before ? between(before.changed_at, version.changed_at) : null;
    const times = [projected === null ? null : `projected ${added(projected)}`, cached === null ? null : `cached ${added(cached)}`].filter(text => text !== null);
    const changes = (version.changes ?? []).filter(change => change.field !== 'items')
      .map(change => make('span', { class: 'change' }, `${change.field} `, make('del', {}, textOf(change.from)), ' → ', make('ins', {}, textOf(change.to))));
    return make('li', { 'data-change': version.change },
      make('b', {}, `v${version.version}`),
      make('span', { class: 'what' }, ...(changes.length > 0 ? changes : [version.change])),
      make('time', { datetime: version.changed_at, title: dateOf(version.changed_at) }, clockOf(version.changed_at)),
      make('span', { class: 'muted then' }, [since === null ? null : `${duration(since)} later`, ...times].filter(text => text !== null).join(' · ')));
  }
}

function facts(order) {
  const fact = (name, value) => make('div', {}, make('dt', {}, name), make('dd', {}, value));
  return make('dl', { class: 'facts' },
    fact('Amount', `${order.currency} ${formatAmount(order.amount)}`),
    fact('Merchant', order.merchant_id),
    fact('Customer', order.customer_id ?? '–'),
    fact('Placed, UTC', make('time', { datetime: order.placed_at }, dateOf(order.placed_at))));
}

function items(order) {
  const line = item => make('tr', {},
    make('td', {}, item.product_name ?? item.product_id), make('td', { class: 'end' }, String(item.quantity)), make('td', { class: 'end' }, formatAmount(item.unit_price)));
  return make('table', { class: 'items' },
    make('thead', {}, make('tr', {}, make('th', { scope: 'col' }, 'Item'), make('th', { scope: 'col', class: 'end' }, 'Quantity'), make('th', { scope: 'col', class: 'end' }, 'Price'))),
    make('tbody', {}, ...order.items.map(line)));
}

const textOf = value => value === null || value === undefined ? 'none' : typeof value === 'object' ? '…' : String(value);
