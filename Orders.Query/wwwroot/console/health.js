import { announce, byId, make, write } from './dom.js';
import { duration } from './times.js';
import { WarehouseRow, warehouseReason } from './warehouse-row.js';

const Words = { ok: 'Current', degraded: 'Degraded', lagging: 'Lagging', down: 'Down', unreachable: 'Unreachable' };

/** Shows how the services and their engines are: one line at the top, and the engines one by one. */
export class Health {
  #rows = new Map();
  #word = null;
  #warehouse;

  constructor() {
    for (const [name, role] of [['DynamoDB', 'writes'], ['Stream', 'follows'], ['Postgres', 'reads'], ['Redis', 'fast reads']])
      this.#rows.set(name, this.#addRow(name, role));
    this.#warehouse = new WarehouseRow(byId('engines'));
  }

  /** @param {object} status the answer of /v1/status */
  show(status) {
    const { postgres, redis } = status.engines;
    this.#engine('Postgres', postgres.ok, postgres.ok ? milliseconds(postgres.latency_ms) : postgres.problem);
    this.#engine('Redis', redis.ok, redis.ok ? milliseconds(redis.latency_ms) : redis.problem);
    this.#stream(status.shards);
    this.#warehouse.show(status.warehouse);
    this.#count('dead-letters', status.dead_letters);
    this.#count('gaps', status.gaps);
    this.#count('cache-repairs', status.cache_repairs);
    this.#state(status.status, reasonOf(status));
  }

  /** @param {boolean | null} ok null where nobody can be asked */
  showDynamoDb(ok, problem) {
    this.#engine('DynamoDB', ok, ok ? 'answers' : problem);
  }

  showUnreachable() {
    this.#engine('Postgres', null, 'not known');
    this.#engine('Redis', null, 'not known');
    this.#engine('Stream', null, 'not known');
    this.#warehouse.showUnknown('Orders.Query does not answer.');
    this.#state('unreachable', 'Orders.Query does not answer. Trying again.');
  }

  #stream(shards) {
    if (!shards || shards.open + shards.finished === 0) {
      this.#engine('Stream', null, 'not known');
      return;
    }
    this.#engine('Stream', shards.owned === shards.open, `${shards.owned} of ${shards.open} ${shards.open === 1 ? 'shard' : 'shards'}`);
  }

  #state(word, reason) {
    byId('state').hidden = false;
    byId('state-dot').dataset.state = word;
    write(byId('state-word'), Words[word] ?? word);
    write(byId('state-reason'), reason);
    if (this.#word !== null && this.#word !== word)
      announce(`${Words[word] ?? word}. ${reason}`);
    this.#word = word;
  }

  #engine(name, ok, text) {
    const { dot, note, row } = this.#rows.get(name);
    dot.dataset.state = ok === null ? 'unknown' : ok ? 'ok' : 'down';
    row.dataset.state = dot.dataset.state;
    write(note, text);
    note.title = text;
  }

  #count(id, count) {
    const element = byId(id);
    write(element, count === null || count === undefined ? '–' : String(count));
    element.dataset.state = count > 0 ? 'bad' : 'ok';
  }

  #addRow(name, role) {
    const dot = make('span', { class: 'dot' });
    const note = make('span', { class: 'note' }, '–');
    const row = make('li', {}, dot, make('span', {}, name), make('span', { class: 'muted role' }, role), note);
    byId('engines').append(row);
    return { dot, note, row };
  }
}

const milliseconds = text => `${Number(text).toFixed(1)} ms`;

function reasonOf(status) {
  if (status.status === 'down')
    return 'Postgres is away: only what is cached can be read.';
  if (status.status === 'lagging') {
    return status.lag_ms === null || status.lag_ms === undefined
      ? 'Nothing follows the stream: does Orders.Sync run?'
      : `Reads are ${duration(status.lag_ms)} behind.`;
  }
  const reasons = [
    status.engines.redis.ok ? null : redisReason(status.engines.redis.problem),
    status.dead_letters > 0 ? `${status.dead_letters} ${status.dead_letters === 1 ? 'change' : 'changes'} could not be applied.` : null,
    status.gaps > 0 ? 'A part of the stream was lost and is being healed.' : null,
    status.engines.redis.ok && status.cache_repairs > 0 ? 'The cache is being repaired.' : null,
    warehouseReason(status.warehouse),
  ].filter(reason => reason !== null);
  return reasons.length > 0 ? reasons.join(' ') : 'Nothing is behind, nothing is missing.';
}

const redisReason = problem => problem.startsWith('does not answer')
  ? 'Redis is away: reads come from Postgres.'
  : `Redis ${problem.replace(/: reads go to Postgres$/, '')}: reads come from Postgres.`;
