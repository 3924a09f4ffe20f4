// The newest predictions as they come, each with its truth as soon as that is known.
import { data, fill, h, icon, keyed, setAttr, setText, setVar } from '../dom.js';
import { millis, number, plural, probability, time } from '../format.js';
import { missingColumns } from './answer.js';

const SHOWN = 40;

export class PredictionsPanel {
  #classifies;
  #body = h('tbody');
  #empty = h('p', { class: 'empty' });
  #pause = h('button', { type: 'button', class: 'plain small', onclick: () => this.#toggle() });
  #table;
  #paused = false;
  #newest = [];

  constructor(type) {
    this.#classifies = type === 'classification';
    const heads = [
      'Answer',
      this.#classifies ? 'Probability' : 'Interval',
      'Truth',
      'Checkpoint',
      'Latency',
      'Row',
      'At',
    ];
    const classes = [null, 'wide-cell', null, null, 'number extra', 'extra', 'number extra'];
    this.#table = h(
      'div',
      {
        class: 'scroll',
        tabindex: '0',
        role: 'region',
        'aria-label': 'Table of the latest predictions',
      },
      h(
        'table',
        { class: 'predictions' },
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            heads.map((head, i) => h('th', { scope: 'col', class: classes[i] }, head)),
          ),
        ),
        this.#body,
      ),
    );
    this.element = h(
      'section',
      { class: 'panel latest', 'aria-labelledby': 'predictions-title' },
      h(
        'div',
        { class: 'panel-head' },
        h('h2', { id: 'predictions-title' }, 'Latest predictions'),
        this.#pause,
      ),
      this.#empty,
      this.#table,
    );
    this.#showPause();
  }

  /** @param predictions newest first */
  update({ predictions, card }) {
    this.#newest = predictions;
    this.#empty.hidden = predictions.length > 0;
    this.#table.hidden = predictions.length === 0;
    this.#pause.hidden = predictions.length === 0;
    if (predictions.length === 0) {
      fill(
        this.#empty,
        h('span', {}, 'No row has been predicted yet. Send some:'),
        h('code', {}, `lift produce FILE.csv --task ${card?.task ?? 'TASK'}`),
      );
    }
    if (!this.#paused) {
      this.#show();
    }
  }

  #toggle() {
    this.#paused = !this.#paused;
    this.#showPause();
    if (!this.#paused) {
      this.#show();
    }
  }

  #showPause() {
    fill(this.#pause, icon(this.#paused ? 'play' : 'pause'), this.#paused ? ' Go on' : ' Pause');
  }

  #show() {
    keyed(
      this.#body,
      this.#newest.slice(0, SHOWN),
      (p) => p.row,
      () => this.#create(),
      (row, p) => row.liftUpdate(p),
    );
  }

  #create() {
    const answer = h('td', { class: 'answer' });
    const bar = h('div', { class: 'bar' }, h('i'));
    const sure = h('span', { class: 'numeral' });
    const truth = h('td', { class: 'truth' });
    const version = h('td', { class: 'numeral' });
    const latency = h('td', { class: 'number extra' });
    const id = h('td', { class: 'extra row-id' });
    const at = h('td', { class: 'number extra muted' });
    const middle = h(
      'td',
      { class: 'wide-cell' },
      this.#classifies ? h('div', { class: 'with-bar' }, bar, sure) : sure,
    );
    const row = h('tr', {}, answer, middle, truth, version, latency, id, at);
    let shown = '';
    row.liftUpdate = (p) => {
      const state = JSON.stringify(p);
      if (state === shown) {
        return;
      }
      shown = state;
      fill(answer, PredictionsPanel.#answer(p), p.missing ? ' ' : null, missingColumns(p.missing));
      setVar(bar, '--share', p.probability ?? 0);
      setText(
        sure,
        this.#classifies ? probability(p.probability) : PredictionsPanel.#interval(p.interval),
      );
      fill(truth, PredictionsPanel.#truth(p));
      setText(version, PredictionsPanel.#by(p));
      setAttr(version, 'title', p.context ? `with ${plural(p.context, 'labelled row')} in context` : null);
      setText(latency, millis(p.latencyMillis));
      fill(id, data(p.row, { cut: true }));
      setText(at, time(p.at));
    };
    return row;
  }

  static #answer(p) {
    if (p.status === 'expired') {
      return h('span', { class: 'muted' }, 'expired');
    }
    if (p.status === 'failed') {
      return h('span', { class: 'wrong' }, 'failed: ', data(p.message ?? 'no reason given'));
    }
    if (p.label === undefined) {
      return h('span', { class: 'numeral' }, number(p.value));
    }
    return p.abstained
      ? h('span', { class: 'muted' }, data(p.label, { cut: true }), ' (abstained)')
      : data(p.label, { cut: true });
  }

  static #by({ version, context }) {
    if (version === undefined) {
      return '';
    }
    return version === 0 ? (context ? 'context' : 'base') : `v${version}`;
  }

  static #interval(interval) {
    return interval ? `${number(interval.lower)} to ${number(interval.upper)}` : '';
  }

  static #truth(p) {
    if (p.truth === undefined) {
      return h('span', { class: 'muted' }, 'not yet');
    }
    if (p.right === undefined) {
      return data(p.truth, { cut: true });
    }
    return h(
      'span',
      { class: p.right ? 'verdict right' : 'verdict wrong' },
      icon(p.right ? 'check' : 'cross'),
      h('span', { class: 'visually-hidden' }, p.right ? 'right: ' : 'wrong: '),
      data(p.truth, { cut: true }),
    );
  }
}
