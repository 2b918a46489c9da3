import { byId, make, write } from './dom.js';
import { formatAmount, sumAmounts } from './money.js';

const Hours = 24;
const KeptCurrency = 'currency';

/** Orders and amounts of the last 24 hours, a bar for each. The arrow keys go from hour to hour. */
export class Totals {
  #hours = [];
  #currency = localStorage.getItem(KeptCurrency);
  #chosen = null;
  #bars;

  constructor() {
    this.#bars = ['bars-orders', 'bars-amount'].map(id => {
      const bars = Array.from({ length: Hours }, (_, i) => make('div', { class: 'bar', onpointerenter: () => this.#choose(i) }, make('i')));
      byId(id).append(...bars);
      return bars;
    });
    const group = byId('totals');
    group.addEventListener('pointerleave', () => this.#choose(null));
    group.addEventListener('blur', () => this.#choose(null));
    group.addEventListener('keydown', event => this.#move(event));
    byId('totals-currency').addEventListener('change', event => {
      this.#currency = event.target.value;
      localStorage.setItem(KeptCurrency, this.#currency);
      this.#draw();
    });
  }

  /** @param {object} answer of /v1/totals/hourly */
  show(answer) {
    this.#hours = answer.hours.slice(-Hours);
    this.#offer([...new Set(this.#hours.flatMap(hour => hour.amounts.map(amount => amount.currency)))].sort());
    this.#draw();
  }

  #offer(currencies) {
    const select = byId('totals-currency');
    if (!currencies.includes(this.#currency))
      this.#currency = currencies[0] ?? null;
    if (currencies.join() !== [...select.options].map(option => option.value).join())
      select.replaceChildren(...currencies.map(currency => make('option', { value: currency }, currency)));
    select.disabled = currencies.length === 0;
    if (this.#currency !== null)
      select.value = this.#currency;
  }

  #draw() {
    const amounts = this.#hours.map(hour => this.#amountOf(hour));
    write(byId('totals-orders'), formatAmount(sumAmounts(this.#hours.map(hour => hour.orders))));
    write(byId('totals-amount'), this.#currency === null ? '–' : formatAmount(sumAmounts(amounts)));
    this.#scale(this.#bars[0], this.#hours.map(hour => Number(hour.orders)));
    // A float is exact enough for the height of a bar.
    this.#scale(this.#bars[1], amounts.map(Number));
    ['axis-first', 'axis-middle', 'axis-last'].forEach((id, i) =>
      write(byId(id), this.#hours.length === 0 ? '' : this.#hours[[0, Hours / 2, this.#hours.length - 1][i]]?.hour.slice(11, 16) ?? ''));
    this.#readOut();
  }

  #scale(bars, values) {
    const top = Math.max(...values, 0);
    bars.forEach((bar, i) => {
      const value = values[i] ?? 0;
      bar.firstChild.style.height = value > 0 ? `${Math.max(2, value / top * 100)}%` : '0';
      bar.toggleAttribute('data-empty', value === 0);
    });
  }

  #choose(index) {
    this.#chosen = index;
    for (const bars of this.#bars)
      bars.forEach((bar, i) => bar.toggleAttribute('data-chosen', i === index));
    this.#readOut();
  }

  #move(event) {
    const last = this.#hours.length - 1;
    const to = {
      ArrowLeft: Math.max(0, (this.#chosen ?? last + 1) - 1),
      ArrowRight: Math.min(last, (this.#chosen ?? last) + 1),
      Home: 0,
      End: last,
    }[event.key];
    if (to === undefined || event.target !== event.currentTarget || last < 0)
      return;
    event.preventDefault();
    this.#choose(to);
  }

  #readOut() {
    const readout = byId('totals-readout');
    const hour = this.#hours[this.#chosen];
    // Only what a key press has asked for is to be heard, not what arrives.
    readout.setAttribute('aria-live', document.activeElement === byId('totals') ? 'polite' : 'off');
    if (hour === undefined) {
      write(readout, 'by hour, UTC');
      return;
    }
    const from = hour.hour.slice(11, 13);
    const to = String((Number(from) + 1) % 24).padStart(2, '0');
    const amount = this.#currency === null ? '' : `, ${this.#currency} ${formatAmount(this.#amountOf(hour))}`;
    write(readout, `${from}–${to} h: ${formatAmount(hour.orders)} orders${amount}`);
  }

  #amountOf(hour) {
    return hour.amounts.find(amount => amount.currency === this.#currency)?.amount ?? 0;
  }
}
