import { make, write } from './dom.js';
import { duration } from './times.js';

const Dots = { current: 'ok', behind: 'lagging', degraded: 'degraded' };
const Words = { absent: 'not installed', unknown: 'not known' };
const Sizes = ['B', 'kB', 'MB', 'GB', 'TB'];

/** The row of the warehouse in the health panel: two lines, so that its four figures have room. */
export class WarehouseRow {
  #row;
  #dot = make('span', { class: 'dot' });
  #note = make('span', { class: 'note', id: 'warehouse-note' }, '–');
  #rows = make('span');
  #quarantined = make('span');
  #slot = make('span');
  #line = make('span', { class: 'muted figures-line', id: 'warehouse-figures' }, '–');

  /** @param {HTMLElement} list */
  constructor(list) {
    this.#row = make('li', { class: 'two-lines', id: 'warehouse' }, this.#dot, make('span', {}, 'Warehouse'), make('span', { class: 'muted role' }, 'files'), this.#note, this.#line);
    list.append(this.#row);
  }

  /** @param {object | undefined} warehouse `warehouse` of /v1/status */
  show(warehouse) {
    if (!warehouse) {
      this.showUnknown('This version of Orders.Query does not tell.');
      return;
    }
    const { state, problem, rows } = warehouse;
    this.#dot.dataset.state = Dots[state] ?? 'unknown';
    this.#row.dataset.warehouse = state;
    this.#row.title = problem ?? '';
    write(this.#note, noteOf(warehouse));
    if (rows === null)
      write(this.#line, problem ?? '–');
    else
      this.#figures(warehouse);
  }

  /** @param {string} problem why nothing is known */
  showUnknown(problem) {
    this.show({ state: 'unknown', problem, rows: null });
  }

  #figures({ rows, quarantined, slot_lag_bytes: slotLag }) {
    write(this.#rows, `${Number(rows).toLocaleString('en')} ${Number(rows) === 1 ? 'row' : 'rows'}`);
    write(this.#quarantined, `${quarantined} quarantined`);
    this.#quarantined.dataset.state = quarantined > 0 ? 'bad' : 'ok';
    write(this.#slot, slotLag === null ? 'no slot lag known' : `slot lag ${sizeOf(Number(slotLag))}`);
    if (!this.#rows.isConnected)
      this.#line.replaceChildren(this.#rows, ' · ', this.#quarantined, ' · ', this.#slot);
  }
}

/** What the line at the top says of it; null where it is current, or not there. */
export const warehouseReason = warehouse => ['behind', 'degraded', 'unknown'].includes(warehouse?.state) 
  ? warehouse.problem ? `The warehouse: ${warehouse.problem}` : `The warehouse: ${Words[warehouse.state] ?? warehouse.state}.`
  : null;

// An old file says nothing by itself: while nothing changes there is no newer one.
function noteOf({ state, newest_file_ms: age }) {
  const word = Words[state] ?? state;
  if (age === null || age === undefined)
    return word;
  return state === 'current' ? `newest file ${duration(age)} old` : `${word}, file ${duration(age)} old`;
}

function sizeOf(bytes) {
  let power = 0;
  for (; bytes >= 1000 && power < Sizes.length - 1; power++)
    bytes /= 1000;
  return `${power === 0 ? bytes : bytes.toFixed(1)} ${Sizes[power]}`;
}
