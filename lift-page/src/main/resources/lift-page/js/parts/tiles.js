// The state of a task in six numbers.
import { h, setAttr, setText } from '../dom.js';
import { count, duration, metric, millis } from '../format.js';

export class Tiles {
  #tiles = new Map();
  element = h('dl', { class: 'tiles', 'aria-label': 'State' });

  constructor() {
    ['score', 'baseline', 'rows', 'checkpoint', 'latency', 'dead'].forEach((key) => {
      const name = h('dt');
      const value = h('dd', { class: 'tile-value numeral' });
      const note = h('dd', { class: 'tile-note numeral' });
      this.#tiles.set(key, { name, value, note });
      this.element.append(h('div', { class: 'tile' }, name, value, note));
    });
  }

  update({ card, metrics, charts, now }) {
    const headline = card.headline;
    const main = metric(headline?.metric ?? (card.type === 'regression' ? 'rae' : 'accuracy'));
    const newest = metrics?.rolling?.count ?? 0;
    this.#set(
      'score',
      main.name,
      main.format(headline?.rolling),
      headline ? `newest ${count(newest)} rows` : 'nothing scored yet',
    );
    this.#set(
      'baseline',
      'Since the start',
      main.format(headline?.total),
      headline ? Tiles.#baseline(headline, main) : NOTHING,
    );
    const waiting = card.waiting ?? 0;
    this.#set(
      'rows',
      'Rows in',
      count(card.rows),
      waiting ? `${count(waiting)} wait for a round` : 'none waiting',
    );
    this.#set(
      'checkpoint',
      'Checkpoint',
      card.checkpoint ? `v${card.checkpoint.version}` : 'none',
      card.checkpoint
        ? `${duration(now - card.checkpoint.createdAt)} old, ${count(card.checkpoint.rows)} rows`
        : charts?.history?.at(-1)?.weights
          ? 'labelled rows answer'
          : 'the base model answers',
    );
    this.#set(
      'latency',
      'Latency',
      millis(metrics?.rolling?.latency_p50_ms),
      `p99 ${millis(metrics?.rolling?.latency_p99_ms)}`,
    );
    this.#set(
      'dead',
      'Dead letters',
      count(card.deadLetters ?? 0),
      card.deadLetters ? 'records not usable' : 'nothing lost',
    );
    setAttr(this.#tiles.get('dead').value, 'data-tone', card.deadLetters ? 'bad' : null);
    setAttr(
      this.#tiles.get('score').value,
      'data-tone',
      headline && Tiles.#better(headline, main) ? 'good' : null,
    );
  }

  static #baseline(headline, main) {
    return `${headline.baseline === 'majority' ? 'majority class' : 'always the mean'} ${main.format(headline.rollingBaseline)}`;
  }

  static #better({ rolling, rollingBaseline }, { higher }) {
    return higher ? rolling > rollingBaseline : rolling < rollingBaseline;
  }

  #set(key, name, value, note) {
    const tile = this.#tiles.get(key);
    setText(tile.name, name);
    setText(tile.value, value);
    setText(tile.note, note);
  }
}

const NOTHING = '\u00a0';
