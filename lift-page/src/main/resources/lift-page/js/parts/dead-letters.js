// What could not be used, and why.
import * as api from '../api.js';
import { data, fill, h, visible } from '../dom.js';
import { count, dateTime } from '../format.js';

export class DeadLettersPanel {
  #task;
  #place = h('div');
  #number = null;

  constructor(spec) {
    this.#task = spec.name;
    this.element = h(
      'section',
      { class: 'panel', 'aria-labelledby': 'dead-title' },
      h(
        'div',
        { class: 'panel-head' },
        h('h2', { id: 'dead-title' }, 'Dead letters'),
        h('span', { class: 'small muted' }, 'The newest 50; all are on lift.dead-letters'),
      ),
      this.#place,
    );
  }

  update({ card }) {
    if (card.deadLetters !== this.#number) {
      this.#number = card.deadLetters;
      this.#load();
    }
  }

  async #load() {
    try {
      const letters = await api.deadLetters(this.#task);
      if (letters.length === 0) {
        fill(
          this.#place,
          h(
            'p',
            { class: 'empty' },
            h('strong', {}, 'None'),
            h('span', {}, 'Every record of this task could be used.'),
          ),
        );
      } else {
        fill(this.#place, h('ul', { class: 'letters' }, letters.map(letter)));
      }
    } catch (failure) {
      fill(this.#place, h('p', { class: 'notice', 'data-tone': 'bad' }, visible(failure.message)));
    }
  }
}

function letter(dead) {
  return h(
    'li',
    {},
    h(
      'p',
      { class: 'letter-head' },
      h('span', { class: 'badge', 'data-tone': 'bad' }, visible(dead.reason)),
      h('time', { class: 'muted small numeral' }, dateTime(dead.at)),
    ),
    h('p', {}, data(dead.message ?? '')),
    h(
      'p',
      { class: 'small muted numeral' },
      data(dead.topic ?? '?'),
      `, partition ${dead.partition ?? '?'}, offset ${count(dead.offset)}`,
      dead.key === undefined ? null : [', key ', data(dead.key)],
    ),
    h('code', { class: 'prompt' }, visible(dead.value ?? '')),
  );
}
