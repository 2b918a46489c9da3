import { make, write } from './dom.js';
import { added, clockOf, duration } from './times.js';

const Groups = [
  ['Services’ clocks, after the write', [['written', 'Written'], ['projected', 'Projected'], ['cached', 'Cached']]],
  ['This page’s clock, after the click', [['accepted', 'Accepted'], ['heard', 'Heard of'], ['readable', 'Readable']]],
];

/** How far an order has come, and how long each step took. The lines are always there, so that nothing moves when they are filled. */
export class Steps {
  #element;
  #lines = new Map();

  constructor(element) {
    this.#element = element;
    for (const [title, steps] of Groups)
      element.append(make('h3', {}, title), make('ol', {}, ...steps.map(([name, word]) => this.#makeLine(name, word))));
    this.clear();
  }

  clear() {
    delete this.#element.dataset.running;
    for (const line of this.#lines.values())
      Object.assign(line, { after: null, text: '–', note: '', state: 'none' });
    this.#draw();
  }

  begin() {
    this.clear();
    this.#element.dataset.running = '';
    for (const line of this.#lines.values())
      line.state = 'waiting';
    this.#draw();
  }

  /** The answer 201 is there. */
  accepted(after, placedAt) {
    this.#set('accepted', after, 'answer 201');
    this.#set('written', 0, 'DynamoDB', clockOf(placedAt));
  }

  /** The change feed has told of it. @param {{projected: number | null, cached: number | null}} times */
  heard(times, after) {
    this.#set('projected', times.projected, 'Postgres', added(times.projected));
    this.#set('cached', times.cached, times.cached === null ? 'not told' : 'Redis', added(times.cached));
    this.#set('heard', after, 'change feed');
  }

  /** It has been read. @param {string | null} servedBy the store that it came from */
  readable(after, servedBy) {
    this.#set('readable', after, servedBy === null ? '' : `from ${servedBy === 'redis' ? 'Redis' : 'Postgres'}`);
    delete this.#element.dataset.running;
  }

  #set(name, after, note, text = duration(after)) {
    Object.assign(this.#lines.get(name), { after: after === null ? null : Math.max(0, after), text, note, state: 'done' });
    this.#draw();
  }

  #draw() {
    const longest = Math.max(1, ...[...this.#lines.values()].map(line => line.after ?? 0));
    for (const line of this.#lines.values()) {
      line.element.dataset.state = line.state;
      write(line.value, line.text);
      write(line.noteElement, line.note);
      line.bar.style.width = `${(line.after ?? 0) / longest * 100}%`;
    }
  }

  #makeLine(name, word) {
    const bar = make('i');
    const value = make('span', { class: 'value' });
    const noteElement = make('span', { class: 'note muted' });
    const element = make('li', { 'data-step': name }, make('span', { class: 'word' }, word, noteElement), make('span', { class: 'track', 'aria-hidden': 'true' }, bar), value);
    this.#lines.set(name, { element, bar, value, noteElement, after: null, text: '–', note: '', state: 'none' });
    return element;
  }
}
