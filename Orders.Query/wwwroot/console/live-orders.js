import { byId, make, write } from './dom.js';
import { isLarger } from './exact-json.js';
import { formatAmount } from './money.js';
import { added, clockOf } from './times.js';

const MaxRows = 200;
const FlushEvery = 250;
const RateOver = 5000;

/**
 * The orders that changed last, newest change first. While somebody reads the list (pointed at, scrolled, gone through by key, or paused) no row
 * moves; what arrives meanwhile waits and is counted.
 */
export class LiveOrders {
  #list = byId('rows');
  #follow = byId('follow');
  #rows = new Map();
  #waiting = new Map();
  #arrivals = [];
  #timer = null;
  #paused = false;
  #pointed = false;
  #active = null;
  #selected = null;
  #times;
  #onSelect;

  /**
   * @param {import('./known-times.js').KnownTimes} times
   * @param {(orderId: string) => void} onSelect
   */
  constructor(times, onSelect) {
    this.#times = times;
    this.#onSelect = onSelect;
    this.#follow.addEventListener('click', () => this.#toggle());
    const list = this.#list;
    list.addEventListener('pointerenter', event => this.#point(event.pointerType === 'mouse'));
    list.addEventListener('pointerleave', () => this.#point(false));
    list.addEventListener('scroll', () => this.#settle(), { passive: true });
    list.addEventListener('blur', () => this.#activate(null));
    list.addEventListener('keydown', event => this.#key(event));
    list.addEventListener('click', event => this.#open(event.target.closest('.row')));
    list.addEventListener('copy', event => this.#copy(event));
    this.#showFollow();
  }

  /** Begins anew, for example with another merchant. */
  clear(text) {
    this.#rows.clear();
    this.#waiting.clear();
    this.#arrivals = [];
    this.#activate(null);
    this.#list.replaceChildren();
    this.#list.scrollTop = 0;
    this.#showEmpty(text);
  }

  /** What there was before the page was opened, newest first. Changes that came meanwhile are newer. */
  fill(orders, emptyText) {
    for (const order of orders.slice(0, MaxRows)) {
      if (this.#rows.has(order.order_id) || this.#waiting.has(order.order_id))
        continue;
      const row = this.#makeRow(order.order_id);
      this.#rows.set(order.order_id, row);
      this.#list.append(row.element);
      this.#render(row, { ...order, change: 'placed', written: order.updated_at });
    }
    this.#showEmpty(emptyText);
  }

  /** @param {object} change an event of the feed */
  take(change) {
    this.#arrivals.push(performance.now());
    const last = this.#rows.get(change.order_id)?.order;
    const order = { ...last, ...change.order, order_id: change.order_id, merchant_id: change.merchant_id, version: change.version, written: change.changed_at, change: change.change };
    if (change.change === 'deleted')
      order.status = 'deleted';
    const waiting = this.#waiting.get(change.order_id);
    if ([last, waiting].some(known => known?.version !== undefined && isLarger(known.version, order.version)))
      return;
    // To the end, since the last is the newest.
    this.#waiting.delete(order.order_id);
    this.#waiting.set(order.order_id, { ...waiting, ...order });
    if (this.#waiting.size > MaxRows)
      this.#waiting.delete(this.#waiting.keys().next().value);
    this.#timer ??= setTimeout(() => this.#flush(), FlushEvery);
  }

  /** Marks the order whose history is open; null for none. */
  select(orderId) {
    this.#rows.get(this.#selected)?.element.setAttribute('aria-selected', 'false');
    this.#selected = orderId;
    this.#rows.get(orderId)?.element.setAttribute('aria-selected', 'true');
  }

  /** Changes a second, over the last few seconds. Once a second. */
  showRate() {
    const since = performance.now() - RateOver;
    this.#arrivals = this.#arrivals.filter(at => at > since);
    const rate = this.#arrivals.length / (RateOver / 1000);
    write(byId('live-rate'), rate === 0 ? 'quiet right now' : `${rate < 10 ? rate.toFixed(1) : Math.round(rate)} changes/s`);
  }

  get #isHeld() {
    return this.#paused || this.#pointed || this.#active !== null || this.#list.scrollTop > 4;
  }

  #flush() {
    this.#timer = null;
    if (this.#isHeld) {
      // Those that are on view say what is true now; only their places stay.
      for (const [id, order] of this.#waiting) {
        if (this.#rows.has(id))
          this.#render(this.#rows.get(id), order);
      }
    } else {
      for (const [id, order] of this.#waiting)
        this.#putFirst(id, order);
      this.#waiting.clear();
      while (this.#list.childElementCount > MaxRows)
        this.#drop(this.#list.lastElementChild);
      this.#showEmpty(null);
    }
    this.#showFollow();
  }

  #putFirst(id, order) {
    const row = this.#rows.get(id) ?? this.#makeRow(id);
    this.#rows.set(id, row);
    this.#list.prepend(row.element);
    this.#render(row, order);
  }

  #drop(element) {
    this.#rows.delete(element.dataset.order);
    element.remove();
  }

  #makeRow(id) {
    const cell = name => make('span', { class: name });
    const cells = {
      status: cell('status'), id: make('span', { class: 'id mono', title: id }, `…${id.slice(-8)}`), merchant: cell('merchant'),
      currency: make('span', { class: 'currency' }), amount: make('span'), version: cell('version'), written: cell('written'), projected: cell('projected'), cached: cell('cached'),
    };
    const element = make(
      'div', { class: 'row', role: 'option', id: `row-${id}`, 'data-order': id, 'aria-selected': String(id === this.#selected) },
      cells.status, cells.id, cells.merchant, make('span', { class: 'amount' }, cells.currency, ' ', cells.amount), cells.version, cells.written,
      cells.projected, cells.cached);
    return { element, cells, order: null };
  }

  #render(row, order) {
    const { element, cells } = row;
    const { projected, cached } = this.#times.of(order.order_id, order.version);
    row.order = order;
    element.dataset.status = order.status;
    write(cells.status, order.status);
    write(cells.merchant, order.merchant_id);
    write(cells.currency, order.currency ?? '');
    write(cells.amount, order.amount === undefined ? '–' : formatAmount(order.amount));
    write(cells.version, `v${order.version}`);
    write(cells.written, clockOf(order.written));
    write(cells.projected, added(projected));
    write(cells.cached, added(cached));
  }

  #showEmpty(text) {
    const empty = byId('rows-empty');
    empty.hidden = this.#rows.size > 0;
    if (text !== null)
      write(empty, text);
  }

  #showFollow() {
    const held = this.#isHeld;
    this.#follow.dataset.state = held ? 'held' : 'live';
    this.#follow.setAttribute('aria-pressed', String(this.#paused));
    const count = this.#waiting.size >= MaxRows ? `${MaxRows}+` : this.#waiting.size;
    write(this.#follow, held ? `${this.#paused ? 'Paused' : 'Held'} · ${count} new` : 'Following');
    this.#follow.title = this.#paused ? 'Follow again' : held ? 'Rows stay in place while you read them' : 'Pause';
  }

  #toggle() {
    this.#paused = !this.#paused;
    if (!this.#paused)
      this.#list.scrollTop = 0;
    this.#settle();
  }

  #point(is) {
    this.#pointed = is;
    this.#settle();
  }

  #settle() {
    if (!this.#isHeld && this.#waiting.size > 0)
      this.#flush();
    this.#showFollow();
  }

  #activate(element) {
    this.#active?.classList.remove('active');
    this.#active = element;
    if (element === null) {
      this.#list.removeAttribute('aria-activedescendant');
    } else {
      element.classList.add('active');
      element.scrollIntoView({ block: 'nearest' });
      this.#list.setAttribute('aria-activedescendant', element.id);
    }
    this.#settle();
  }

  #key(event) {
    const { firstElementChild: first, lastElementChild: last } = this.#list;
    const active = this.#active;
    const steps = { ArrowDown: active?.nextElementSibling ?? active ?? first, ArrowUp: active?.previousElementSibling ?? active ?? first, Home: first, End: last };
    if (event.key in steps && first !== null)
      this.#activate(steps[event.key]);
    else if ((event.key === 'Enter' || event.key === ' ') && active !== null)
      this.#open(active);
    else if (event.key === 'Escape')
      this.#activate(null);
    else
      return;
    event.preventDefault();
  }

  #open(element) {
    if (element)
      this.#onSelect(element.dataset.order);
  }

  // The whole id, where no text is marked.
  #copy(event) {
    const id = this.#active?.dataset.order ?? this.#selected;
    if (id === null || !getSelection().isCollapsed)
      return;
    event.clipboardData.setData('text/plain', id);
    event.preventDefault();
  }
}
