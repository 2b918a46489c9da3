import { announce, byId, make } from './dom.js';
import { QueryBox } from './query-box.js';
import { QuestionCard } from './question-card.js';

/** The ready questions, each in a card, and the box for others. */
export class Board {
  #service;
  #cards = [];
  #query;

  /** @param {import('./service.js').Service} service */
  constructor(service) {
    this.#service = service;
    this.#query = new QueryBox(service);
  }

  /** Asks everything anew. */
  async show() {
    try {
      const questions = await this.#service.read('/v1/analytics');
      if (this.#cards.length === 0) {
        this.#cards = questions.map(question => new QuestionCard(this.#service, question));
        byId('cards').replaceChildren(...this.#cards.map(card => card.element));
      }
      await Promise.all(this.#cards.map(card => card.ask()));
      announce('All questions are answered.');
    } catch (failure) {
      byId('cards').replaceChildren(make('p', { class: 'error', role: 'alert' }, failure.message));
      this.#cards = [];
    }
  }

  /** Shows nothing of a key that is signed out. */
  clear() {
    this.#cards = [];
    byId('cards').replaceChildren();
    this.#query.clear();
  }
}
