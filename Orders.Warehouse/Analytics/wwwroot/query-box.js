import { byId, write } from './dom.js';
import { tableOf } from './value-table.js';

/** The box for another SELECT. Control or Command with Enter runs it. */
export class QueryBox {
  #service;
  #form = byId('query');

  /** @param {import('./service.js').Service} service */
  constructor(service) {
    this.#service = service;
    this.#form.addEventListener('submit', event => {
      event.preventDefault();
      this.#run();
    });
    byId('query-sql').addEventListener('keydown', event => {
      if (event.key === 'Enter' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        this.#form.requestSubmit();
      }
    });
  }

  clear() {
    byId('query-answer').replaceChildren();
    byId('query-error').hidden = true;
    write(byId('query-state'), '');
  }

  async #run() {
    const button = this.#form.querySelector('button');
    if (button.disabled)
      return;
    this.clear();
    button.disabled = true;
    write(byId('query-state'), 'Running…');
    const started = performance.now();
    try {
      const answer = await this.#service.send('POST', '/v1/analytics/query', JSON.stringify({ sql: byId('query-sql').value }));
      byId('query-answer').replaceChildren(tableOf(answer, 'Answer'));
      const rows = `${answer.rows.length} ${answer.rows.length === 1 ? 'row' : 'rows'}`;
      write(byId('query-state'), `${rows} in ${((performance.now() - started) / 1000).toFixed(1)} s${answer.cut ? '; there are more' : ''}`);
    } catch (failure) {
      byId('query-error').hidden = false;
      write(byId('query-error'), failure.message);
      write(byId('query-state'), '');
    } finally {
      button.disabled = false;
    }
  }
}
