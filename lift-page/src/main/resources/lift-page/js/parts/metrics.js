// Every metric of the rolling window and of all rows, and what did not count.
import { fill, h } from '../dom.js';
import { count, fixed, metric, number, percent, plural } from '../format.js';

const LEFT_OUT = ['count', 'latency_p50_ms', 'latency_p99_ms'];

const UNCOUNTED = [
  ['leaked', 'answered by a checkpoint that had learned the row'],
  ['late', 'came after their partner had been forgotten'],
  ['unmatched', 'have no label'],
  ['duplicates', 'came twice'],
  ['unjoined', 'are labels whose row did not come'],
  ['expired', 'passed their deadline'],
  ['failed', 'could not be answered'],
];

export class MetricsPanel {
  #body = h('tbody');
  #note = h('p', { class: 'panel-note' });
  #calibration = h('p', { class: 'panel-note' });
  #empty = h('p', { class: 'empty' }, 'Metrics show here once rows are scored.');
  #table = h(
    'table',
    { class: 'metrics' },
    h(
      'thead',
      {},
      h(
        'tr',
        {},
        h('th', { scope: 'col' }, 'Metric'),
        h('th', { scope: 'col', class: 'number' }, 'Newest rows'),
        h('th', { scope: 'col', class: 'number' }, 'All rows'),
      ),
    ),
    this.#body,
  );
  #shown = '';

  constructor() {
    this.element = h(
      'section',
      { class: 'panel', 'aria-labelledby': 'metrics-title' },
      h('div', { class: 'panel-head' }, h('h2', { id: 'metrics-title' }, 'Metrics')),
      this.#empty,
      this.#table,
      this.#note,
      this.#calibration,
    );
  }

  update({ metrics }) {
    const state = JSON.stringify(metrics ?? null);
    if (state === this.#shown) {
      return;
    }
    this.#shown = state;
    const names = Object.keys(metrics?.total ?? {}).filter((name) => !LEFT_OUT.includes(name));
    this.#empty.hidden = names.length > 0;
    this.#table.hidden = names.length === 0;
    const row = (name, rolling, total) =>
      h(
        'tr',
        {},
        h('th', { scope: 'row' }, name),
        h('td', { class: 'number' }, rolling),
        h('td', { class: 'number' }, total),
      );
    fill(
      this.#body,
      row('Rows', count(metrics?.rolling?.count), count(metrics?.total?.count)),
      names.map((name) =>
        row(
          metric(name).name,
          metric(name).format(metrics.rolling?.[name]),
          metric(name).format(metrics.total[name]),
        ),
      ),
    );
    const uncounted = UNCOUNTED.filter(([key]) => metrics?.[key] > 0).map(
      ([key, why]) => `${count(metrics[key])} ${why}`,
    );
    fill(
      this.#note,
      uncounted.length
        ? `Not counted: ${uncounted.join('; ')}.`
        : names.length
          ? 'Every answered and labelled row counted.'
          : '',
    );
    const calibration = metrics?.calibration;
    this.#calibration.hidden = !calibration;
    fill(this.#calibration, calibration ? inForce(calibration) : '');
  }
}

function inForce({ coverage, rows, temperature, stretch }) {
  const how =
    temperature === undefined
      ? `intervals ${number(stretch)} times as long`
      : `temperature ${fixed(temperature, 2)}`;
  return `Calibrated for ${percent(coverage)} coverage by the newest ${plural(rows, 'labelled row')}: ${how}.`;
}
