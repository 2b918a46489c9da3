import { make } from './dom.js';

const Numbers = /^(DECIMAL|DOUBLE|FLOAT|U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?)/;

/**
 * An answer as a table. Values stand as they came.
 * @param {{columns: {name: string, type: string}[], rows: unknown[][]}} answer
 * @param {string} caption
 */
export function tableOf(answer, caption) {
  const ends = answer.columns.map(column => Numbers.test(column.type) ? 'end' : null);
  const head = make('tr', {}, ...answer.columns.map((column, i) => make('th', { scope: 'col', class: ends[i], title: column.type }, column.name)));
  const body = answer.rows.map(row => make('tr', {}, ...row.map((value, i) => value === null
    ? make('td', { class: `null ${ends[i] ?? ''}` }, 'NULL')
    : make('td', { class: ends[i] }, typeof value === 'object' ? JSON.stringify(value) : String(value)))));
  return make('div', { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': caption },
    make('table', {}, make('caption', { class: 'hidden' }, caption), make('thead', {}, head), make('tbody', {}, ...body)));
}
