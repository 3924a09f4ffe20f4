// Can the answers be trusted: reliability and confusion of labels, predicted against true numbers.
import { data, fill, h, s, setText } from '../dom.js';
import { count, fixed, number, percent } from '../format.js';
import { PlotTable } from './plot.js';

const SIZE = { width: 340, height: 250, left: 56, right: 18, top: 10, bottom: 34 };
const INNER = {
  width: SIZE.width - SIZE.left - SIZE.right,
  height: SIZE.height - SIZE.top - SIZE.bottom,
};

/** A square plot in SVG: axes from `low` to `high` on both sides, with the diagonal. */
function square(low, high, format, xLabel, yLabel, marks) {
  const span = high - low || 1;
  const x = (value) => SIZE.left + ((value - low) / span) * INNER.width;
  const y = (value) => SIZE.top + INNER.height - ((value - low) / span) * INNER.height;
  const ticks = [0, 0.25, 0.5, 0.75, 1].map((share) => low + share * span);
  return s(
    'svg',
    { class: 'square-plot', viewBox: `0 0 ${SIZE.width} ${SIZE.height}`, 'aria-hidden': 'true' },
    ticks.map((tick) => [
      s('line', {
        class: 'grid',
        x1: SIZE.left,
        x2: SIZE.width - SIZE.right,
        y1: y(tick),
        y2: y(tick),
      }),
      s('text', { x: SIZE.left - 6, y: y(tick) + 3.5, 'text-anchor': 'end' }, format(tick)),
      s('text', { x: x(tick), y: SIZE.height - 19, 'text-anchor': 'middle' }, format(tick)),
    ]),
    s('line', { class: 'diagonal', x1: x(low), y1: y(low), x2: x(high), y2: y(high) }),
    marks(x, y),
    s(
      'text',
      {
        class: 'axis',
        x: SIZE.left + INNER.width / 2,
        y: SIZE.height - 4,
        'text-anchor': 'middle',
      },
      xLabel,
    ),
    s(
      'text',
      {
        class: 'axis',
        x: 0,
        y: 0,
        'text-anchor': 'middle',
        transform: `translate(10 ${SIZE.top + INNER.height / 2}) rotate(-90)`,
      },
      yLabel,
    ),
  );
}

function panel(id, title, ...children) {
  return h(
    'section',
    { class: 'panel', 'aria-labelledby': id },
    h('div', { class: 'panel-head' }, h('h2', { id }, title)),
    children,
  );
}

/** How often answers of each confidence were right. */
export class ReliabilityPanel {
  #place = h('div');
  #note = h('p', { class: 'panel-note' });
  #table = new PlotTable('Reliability by confidence', ['Confidence', 'Right', 'Rows']);
  element = panel('reliability-title', 'Reliability', this.#place, this.#note, this.#table.element);
  #shown = '';

  update({ charts, metrics }) {
    const bins = charts?.reliability ?? [];
    const state = JSON.stringify(bins);
    if (state === this.#shown) {
      return;
    }
    this.#shown = state;
    this.#table.element.hidden = bins.length === 0;
    if (bins.length === 0) {
      fill(
        this.#place,
        h(
          'p',
          { class: 'empty' },
          'Shows how often the model is right when it says it is sure, once rows are scored.',
        ),
      );
      setText(this.#note, '');
      return;
    }
    const most = Math.max(...bins.map((bin) => bin.count));
    const label = (value) => `${Math.round(value * 100)} %`;
    fill(
      this.#place,
      square(0, 1, label, 'Confidence', 'Right', (x, y) => [
        s('polyline', {
          class: 'line',
          points: bins.map((b) => `${x(b.confidence)},${y(b.accuracy)}`).join(' '),
        }),
        bins.map((b) =>
          s('circle', {
            class: 'dot',
            cx: x(b.confidence),
            cy: y(b.accuracy),
            r: 2.5 + 5 * Math.sqrt(b.count / most),
          }),
        ),
      ]),
    );
    const ece = metrics?.rolling?.ece;
    setText(
      this.#note,
      `On the line, confidence is honest; larger dots stand for more rows.${ece === undefined ? '' : ` Calibration error ${fixed(ece, 3)}.`}`,
    );
    this.#table.show(() =>
      bins.map((b) => [percent(b.confidence), percent(b.accuracy), count(b.count)]),
    );
  }
}

/** The newest answers against the truth. */
export class ScatterPanel {
  #place = h('div');
  #note = h('p', { class: 'panel-note' });
  #table = new PlotTable('Predicted and true values', ['True', 'Predicted', 'Lower', 'Upper']);
  element = panel(
    'scatter-title',
    'Predicted against true',
    this.#place,
    this.#note,
    this.#table.element,
  );
  #shown = '';

  update({ charts }) {
    const points = charts?.scatter ?? [];
    const state = JSON.stringify(points);
    if (state === this.#shown) {
      return;
    }
    this.#shown = state;
    this.#table.element.hidden = points.length === 0;
    if (points.length === 0) {
      fill(
        this.#place,
        h('p', { class: 'empty' }, 'Shows each answer beside its truth, once rows are scored.'),
      );
      setText(this.#note, '');
      return;
    }
    const all = points.flatMap((p) => [p.truth, p.value]);
    const low = Math.min(...all);
    const high = Math.max(...all);
    const inside = (v) => Math.min(high, Math.max(low, v));
    fill(
      this.#place,
      square(low, high, axisNumber, 'True', 'Predicted', (x, y) => [
        points
          .filter((p) => p.lower !== undefined && p.upper !== undefined)
          .map((p) =>
            s('line', {
              class: 'whisker',
              x1: x(p.truth),
              x2: x(p.truth),
              y1: y(inside(p.lower)),
              y2: y(inside(p.upper)),
            }),
          ),
        points.map((p) => s('circle', { class: 'dot', cx: x(p.truth), cy: y(p.value), r: 3 })),
      ]),
    );
    setText(
      this.#note,
      `The newest ${count(points.length)} rows; on the line, the answer is the truth. Bars are intervals.`,
    );
    this.#table.show(() =>
      points.map((p) => [number(p.truth), number(p.value), number(p.lower), number(p.upper)]),
    );
  }
}

const compactNumber = new Intl.NumberFormat('en', {
  notation: 'compact',
  maximumSignificantDigits: 3,
});
const axisNumber = (value) => compactNumber.format(value);

/** Truths by row, answers by column, of the rolling window. */
export class ConfusionPanel {
  #place = h('div');
  #note = h('p', { class: 'panel-note' });
  element = panel('confusion-title', 'Confusion', this.#place, this.#note);
  #shown = '';

  update({ charts }) {
    const confusion = charts?.confusion;
    const labels = confusion?.labels ?? [];
    const state = JSON.stringify(confusion ?? null);
    if (state === this.#shown) {
      return;
    }
    this.#shown = state;
    if (labels.length === 0) {
      fill(
        this.#place,
        h('p', { class: 'empty' }, 'Shows which labels are taken for which, once rows are scored.'),
      );
      setText(this.#note, '');
      return;
    }
    fill(
      this.#place,
      h(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Confusion table' },
        h(
          'table',
          { class: 'confusion' },
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              h('th', { scope: 'col' }, 'True \u2193  Answer \u2192'),
              labels.map((l) => h('th', { scope: 'col' }, data(l, { cut: true }))),
            ),
          ),
          h(
            'tbody',
            {},
            labels.map((label, row) => ConfusionPanel.#row(label, row, confusion.counts[row])),
          ),
        ),
      ),
    );
    setText(
      this.#note,
      `Rows of the rolling window${confusion.truncated ? '; the most frequent labels' : ''}.`,
    );
  }

  static #row(label, row, counts) {
    const sum = counts.reduce((a, b) => a + b, 0);
    return h(
      'tr',
      {},
      h('th', { scope: 'row' }, data(label, { cut: true })),
      counts.map((n, column) => {
        const share = sum ? n / sum : 0;
        return h(
          'td',
          {
            class: row === column ? 'number hit' : 'number',
            vars: { '--heat-share': share.toFixed(3) },
          },
          count(n),
        );
      }),
    );
  }
}
