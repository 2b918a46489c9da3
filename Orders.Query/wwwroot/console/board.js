import { ChangeStream } from './change-stream.js';
import { announce, byId } from './dom.js';
import { Health } from './health.js';
import { KnownTimes } from './known-times.js';
import { LagChart } from './lag-chart.js';
import { LiveOrders } from './live-orders.js';
import { OrderDetail } from './order-detail.js';
import { PlaceOrder } from './place-order.js';
import { Totals } from './totals.js';
import { between } from './times.js';

const StatusEvery = 2000;
const TotalsAtMostEvery = 2000;
const TotalsAtLeastEvery = 60_000;
const FirstOrders = 100;
// A change that is said to be from longer before everything was known to be here tells how far off a writer's clock is, and nothing of the lag.
const ClocksDiffer = 60_000;
// A glance at another tab costs nothing; a page that nobody looks at asks for nothing.
const HiddenFor = 30_000;

/** Everything that is shown to who is signed in. It runs from start to stop, and can be started again. */
export class Board {
  #query;
  #api;
  #address;
  #times = new KnownTimes();
  #health = new Health();
  #lag = new LagChart();
  #caughtUpAt = null;
  #totals = new Totals();
  #live;
  #detail;
  #place;
  #stream = null;
  #timers = [];
  #hiding = null;
  #merchant = null;
  #totalsDue = true;
  #totalsAt = 0;

  /**
   * @param {import('./service.js').Service} query
   * @param {import('./service.js').Service | null} api
   * @param {import('./address.js').Address} address
   */
  constructor(query, api, address) {
    this.#query = query;
    this.#api = api;
    this.#address = address;
    this.#live = new LiveOrders(this.#times, id => this.#open(id));
    this.#detail = new OrderDetail(query, api, this.#times, () => this.#close());
    this.#place = new PlaceOrder(api, query, this.#times, () => this.#merchant, () => {});
    address.onChange(() => this.#follow());
    document.addEventListener('visibilitychange', () => this.#seen());
    byId('filter').addEventListener('submit', event => event.preventDefault());
    byId('filter-merchant').addEventListener('change', event => address.set({ merchant: event.target.value.trim() }));
    // The cross in the field empties it without a change.
    byId('filter-merchant').addEventListener('search', event => address.set({ merchant: event.target.value.trim() }));
  }

  start() {
    byId('board').hidden = false;
    byId('filter').hidden = false;
    this.#merchant = this.#address.merchant;
    byId('filter-merchant').value = this.#merchant ?? '';
    this.#place.suggest(this.#merchant);
    this.#listen();
    this.#showSelected();
    this.#every(1000, () => this.#tick());
    this.#every(StatusEvery, () => this.#readStatus());
  }

  stop() {
    this.#timers.forEach(clearInterval);
    this.#timers = [];
    this.#stream?.close();
    this.#stream = null;
    this.#live.clear('');
    this.#detail.show(null);
    byId('board').hidden = true;
    byId('filter').hidden = true;
    byId('state').hidden = true;
  }

  get #isRunning() {
    return this.#timers.length > 0;
  }

  #every(milliseconds, act) {
    act();
    this.#timers.push(setInterval(() => document.hidden || act(), milliseconds));
  }

  // First the feed, then what was before: in between nothing is missed.
  #listen() {
    this.#stream?.close();
    this.#live.clear('Loading…');
    this.#totalsDue = true;
    this.#stream = new ChangeStream(this.#query, { merchant_id: this.#merchant }, {
      change: change => this.#take(change),
      reset: () => this.#readOrders(),
    });
    this.#readOrders();
  }

  #take(change) {
    this.#times.note(change);
    if (this.#caughtUpAt === null || Date.parse(change.changed_at) > this.#caughtUpAt - ClocksDiffer)
      this.#lag.note(between(change.changed_at, change.projected_at) ?? 0);
    this.#live.take(change);
    this.#detail.changed(change.order_id);
    this.#totalsDue = true;
  }

  async #readOrders() {
    const merchant = this.#merchant;
    try {
      const { orders } = await this.#query.read('/v1/orders', { limit: FirstOrders, merchant_id: merchant });
      if (merchant === this.#merchant && this.#isRunning)
        this.#live.fill(orders, merchant === null ? 'No order yet. Place the first one.' : `No order of ${merchant} yet.`);
    } catch (failure) {
      this.#live.fill([], `The orders cannot be read: ${failure.message}`);
    }
  }

  async #readStatus() {
    this.#readDynamoDb();
    try {
      const status = await this.#query.read('/v1/status');
      this.#health.show(status);
      this.#lag.noteStatus(status.lag_ms);
      this.#caughtUpAt = Date.parse(status.caught_up_at) || null;
    } catch (failure) {
      if (failure.status === 0 || failure.status >= 500)
        this.#health.showUnreachable();
    }
  }

  // Only Orders.Api knows the write store.
  async #readDynamoDb() {
    if (this.#api === null) {
      this.#health.showDynamoDb(null, 'not known');
      return;
    }
    try {
      // Open to everybody: without a key the browser need not ask for leave first.
      await this.#api.ask('GET', '/health/ready', { key: {} });
      this.#health.showDynamoDb(true);
    } catch (failure) {
      this.#health.showDynamoDb(false, failure.status === 0 ? 'Orders.Api is away' : 'does not answer');
    }
  }

  async #readTotals() {
    this.#totalsDue = false;
    this.#totalsAt = performance.now();
    try {
      this.#totals.show(await this.#query.read('/v1/totals/hourly', { merchant_id: this.#merchant }));
    } catch {
      // The state at the top says what is wrong; the bars stay as they were, and are asked for again.
      this.#totalsDue = true;
    }
  }

  #tick() {
    this.#lag.draw();
    this.#live.showRate();
    const age = performance.now() - this.#totalsAt;
    if (this.#totalsAt === 0 || age > (this.#totalsDue ? TotalsAtMostEvery : TotalsAtLeastEvery))
      this.#readTotals();
  }

  #open(orderId) {
    this.#address.set({ order: orderId });
    // On a narrow page the order is below the list.
    if (byId('detail').getBoundingClientRect().top > innerHeight - 120) {
      byId('detail').scrollIntoView({ block: 'start' });
      byId('detail').focus({ preventScroll: true });
    }
  }

  #close() {
    this.#address.set({ order: null });
    byId('rows').focus({ preventScroll: true });
  }

  #follow() {
    if (!this.#isRunning)
      return;
    this.#showSelected();
    if (this.#address.merchant === this.#merchant)
      return;
    this.#merchant = this.#address.merchant;
    byId('filter-merchant').value = this.#merchant ?? '';
    this.#place.suggest(this.#merchant);
    announce(this.#merchant === null ? 'Orders of every merchant' : `Orders of ${this.#merchant}`);
    this.#listen();
    this.#readTotals();
  }

  #showSelected() {
    this.#live.select(this.#address.order);
    this.#detail.show(this.#address.order);
  }

  #seen() {
    clearTimeout(this.#hiding);
    if (!this.#isRunning)
      return;
    if (document.hidden) {
      this.#hiding = setTimeout(() => {
        this.#stream?.close();
        this.#stream = null;
      }, HiddenFor);
    } else {
      this.#readStatus();
      if (this.#stream === null)
        this.#listen();
    }
  }
}
