import { Charts } from './charts.js';
import { make, write } from './dom.js';
import { tableOf } from './value-table.js';

const KeptCurrency = 'currency';

/** A question: its chart, and under it its SQL and its values. */
export class QuestionCard {
  #service;
  #question;
  #chart;
  #answer = null;
  #currency = localStorage.getItem(KeptCurrency);
  #select;
  #place = make('div', { class: 'chart', role: 'img' });
  #note = make('p', { class: 'empty', role: 'status' });
  #sql = make('pre', { tabindex: '0', role: 'region' });
  #values = make('div');
  #details;

  /**
   * @param {import('./service.js').Service} service
   * @param {{id: string, title: string}} question
   */
  constructor(service, question) {
    this.#service = service;
    this.#question = question;
    this.#chart = Charts[question.id];
    this.#select = make('select', { 'aria-label': `Currency of: ${question.title}`, onchange: () => this.#choose(this.#select.value) });
    this.#select.hidden = true;
    this.#sql.setAttribute('aria-label', `SQL of: ${question.title}`);
    this.#place.setAttribute('aria-label', question.title);
    this.#details = [
      make('details', {}, make('summary', {}, 'SQL'), this.#sql),
      make('details', {}, make('summary', {}, 'Values'), this.#values),
    ];
    this.#details[0].open = true;
    this.element = make('section', { class: `card${this.#chart?.isWide ? ' wide' : ''}`, 'aria-labelledby': `title-${question.id}`, 'data-question': question.id },
      make('header', { class: 'card-head' }, make('h2', { id: `title-${question.id}` }, question.title), this.#select),
      this.#place, this.#note, ...this.#details);
    for (const details of this.#details)
      details.hidden = true;
  }

  /** Asks, and draws what comes. */
  async ask() {
    this.element.setAttribute('aria-busy', 'true');
    if (this.#answer === null)
      write(this.#note, 'Asking…');
    try {
      this.#show(await this.#service.read(`/v1/analytics/${this.#question.id}`));
    } catch (failure) {
      this.#answer = null;
      this.#place.replaceChildren();
      this.#place.hidden = true;
      this.#select.hidden = true;
      write(this.#note, failure.message);
    } finally {
      this.element.removeAttribute('aria-busy');
    }
  }

  #show(answer) {
    this.#answer = answer;
    write(this.#sql, answer.sql);
    this.#values.replaceChildren(tableOf(answer, `Values of: ${this.#question.title}`));
    for (const details of this.#details)
      details.hidden = false;
    this.#offer();
    this.#draw();
  }

  #offer() {
    const at = this.#answer.columns.findIndex(column => column.name === 'currency');
    const currencies = at < 0 ? [] : [...new Set(this.#answer.rows.map(row => row[at]))].sort();
    if (!currencies.includes(this.#currency))
      this.#currency = currencies[0] ?? null;
    this.#select.replaceChildren(...currencies.map(currency => make('option', { value: currency }, currency)));
    this.#select.hidden = currencies.length === 0;
    if (this.#currency !== null)
      this.#select.value = this.#currency;
  }

  #choose(currency) {
    this.#currency = currency;
    localStorage.setItem(KeptCurrency, currency);
    this.#draw();
  }

  #draw() {
    const names = this.#answer.columns.map(column => column.name);
    const rows = this.#answer.rows.map(row => Object.fromEntries(row.map((value, i) => [names[i], value])))
      .filter(row => row.currency === undefined || row.currency === this.#currency);
    this.#place.hidden = rows.length === 0;
    write(this.#note, rows.length === 0 ? 'There is nothing yet.' : this.#answer.cut ? 'There are more rows than are shown.' : '');
    if (rows.length === 0)
      return;
    const { svg, words } = this.#chart.draw(rows, this.#currency);
    this.#place.replaceChildren(svg);
    this.#place.setAttribute('aria-label', `${this.#question.title}${this.#currency === null ? '' : `, ${this.#currency}`}: ${words}`);
  }
}
