// How well the newest rows, and all rows so far, were predicted: beside what guessing would reach.
import { fill, h, setText } from '../dom.js';
import { count, metric, plural, short, time } from '../format.js';
import { colour } from '../theme.js';
import { Marks, marksOf } from './marks.js';
import { Plot, PlotTable } from './plot.js';

const HEIGHT = 300;
const FEW = 100;

/** How many rows the short average spans: a hundred, more where a point stands for many. */
function fewRows(points) {
  const each = points.length > 1 ? points.at(-1).scored - points.at(-2).scored : 0;
  return Math.max(FEW, 5 * each);
}

/** At each point, the share of right answers among so many rows up to there. */
function shortRun(points, rows) {
  let from = 0;
  let right = 0;
  const weight = (i) => points[i].scored - (i === 0 ? 0 : points[i - 1].scored);
  return points.map((point, i) => {
    right += point.value * weight(i);
    while (point.scored - points[from].scored >= rows) {
      right -= points[from].value * weight(from);
      from++;
    }
    const span = point.scored - (from === 0 ? 0 : points[from - 1].scored);
    return right / span;
  });
}

export class LearningPanel {
  #classifies;
  #plot;
  #history = [];
  #drifts = [];
  #marks = new Marks();
  #note = h('p', { class: 'panel-note' });
  #table = new PlotTable('Points of the chart', [
    'Rows scored',
    'Newest rows',
    'All rows',
    'Baseline',
    'Checkpoint',
    'At',
  ]);
  #empty = h('div', { class: 'empty' });
  #chart;
  #format;
  #name;

  constructor(type) {
    this.#classifies = type === 'classification';
    const { name, format } = metric(this.#classifies ? 'accuracy' : 'rae');
    this.#name = name;
    this.#format = format;
    this.#plot = new Plot(
      [
        // an average of relative errors is none, so that only labels have a short run
        ...(this.#classifies
          ? [{ label: 'Newest few', ink: '--accent-pale', width: 1.5, format }]
          : []),
        { label: 'Newest rows', ink: '--accent', width: 2.5, format },
        { label: 'All rows', ink: '--second', width: 1.75, format },
        {
          label: this.#classifies ? 'Majority class' : 'Always the mean',
          ink: '--third',
          width: 1.75,
          dash: [6, 5],
          format,
        },
      ],
      {
        height: HEIGHT,
        xFormat: short,
        yFormat: this.#classifies ? (v) => `${Math.round(v * 100)} %` : (v) => v.toFixed(2),
        yRange: (_, low, high) => this.#range(low, high),
        drawMarks: (plot) => this.#drawMarks(plot),
        onCursor: (plot) => this.#marks.hover(plot),
      },
    );
    this.#plot.element.append(this.#marks.element);
    this.#chart = h('div', {}, this.#plot.element, this.#note, this.#table.element);
    this.element = h(
      'section',
      { class: 'panel learning', 'aria-labelledby': 'learning-title' },
      h(
        'div',
        { class: 'panel-head' },
        h(
          'h2',
          { id: 'learning-title' },
          this.#classifies ? 'Accuracy, row by row' : 'Relative error, row by row',
        ),
        this.#legend(),
      ),
      this.#empty,
      this.#chart,
    );
  }

  #legend() {
    this.#plot.legend.append(
      h('li', { class: 'tick', vars: { '--ink': 'var(--line-strong)' } }, 'Checkpoint'),
      h('li', { class: 'tick', vars: { '--ink': 'var(--warn)' } }, 'Drift'),
      h('li', { class: 'tick', vars: { '--ink': 'var(--second)' } }, 'Retrained'),
    );
    return this.#plot.legend;
  }

  update({ charts, metrics, card, events }) {
    this.#history = charts?.history ?? [];
    this.#drifts = charts?.drifts ?? [];
    this.#marks.show(marksOf({ charts, events }));
    const points = this.#history;
    this.#chart.hidden = points.length === 0;
    this.#empty.hidden = points.length > 0;
    if (points.length === 0) {
      this.#showNothing(card);
      return;
    }
    const few = fewRows(points);
    const window = `Newest ${count(metrics?.window ?? 0)}`;
    if (this.#classifies) {
      this.#plot.rename(0, `Newest ${count(few)}`);
      this.#plot.rename(1, window);
    } else {
      this.#plot.rename(0, window);
    }
    this.#plot.show([
      points.map((p) => p.scored),
      ...(this.#classifies ? [shortRun(points, few)] : []),
      points.map((p) => p.rolling ?? null),
      points.map((p) => p.total ?? null),
      points.map((p) => p.baseline ?? (this.#classifies ? null : 1)),
    ]);
    this.#describe(metrics, card);
    this.#table.show(() =>
      points
        .toReversed()
        .map((p) => [
          count(p.scored),
          this.#format(p.rolling),
          this.#format(p.total),
          this.#format(p.baseline ?? 1),
          p.version ? `v${p.version}` : p.weights ? 'context' : 'base',
          time(p.at),
        ]),
    );
  }

  #showNothing(card) {
    if (this.#empty.childElementCount === 0 || this.#empty.dataset.rows !== String(card.rows > 0)) {
      this.#empty.dataset.rows = String(card.rows > 0);
      fill(
        this.#empty,
        h('strong', {}, 'Nothing has been scored yet'),
        h('span', {}, 'A row counts once it has both its prediction and its label.'),
        card.rows > 0
          ? null
          : [
              h('span', {}, 'Send rows that have one:'),
              h('code', {}, `lift produce FILE.csv --task ${card.task}`),
            ],
      );
    }
  }

  #describe(metrics, card) {
    const headline = card.headline;
    if (!headline) {
      setText(this.#note, '');
      return;
    }
    const newest = this.#format(headline.rolling);
    const beside = this.#format(headline.rollingBaseline ?? 1);
    const drift = this.#drifts.at(-1);
    setText(
      this.#note,
      `${this.#name} ${newest} over the newest ${plural(metrics?.rolling?.count ?? 0, 'row')}, ` +
        `${this.#classifies ? 'the majority class alone' : 'always the mean'}: ${beside}. ` +
        `Every row is predicted before it is learned.` +
        (drift ? ` Drift at row ${count(drift.scored)}.` : ''),
    );
  }

  #range(low, high) {
    if (low === null || low === undefined) {
      return [0, 1];
    }
    const room = Math.max(0.03, (high - low) * 0.08);
    const bottom = Math.max(0, low - room);
    return [bottom, this.#classifies ? Math.min(1, high + room) : high + room];
  }

  // a short tick where a newer checkpoint began to answer, below the marks of the events
  #drawMarks(plot) {
    const { ctx, bbox } = plot;
    const scale = devicePixelRatio;
    const bottom = bbox.top + bbox.height;
    ctx.save();
    ctx.lineWidth = 1.5 * scale;
    ctx.strokeStyle = colour('--line-strong');
    ctx.beginPath();
    this.#history.forEach((point, i) => {
      if (i > 0 && (point.version ?? 0) > (this.#history[i - 1].version ?? 0)) {
        const x = plot.valToPos(point.scored, 'x', true);
        ctx.moveTo(x, bottom);
        ctx.lineTo(x, bottom - 7 * scale);
      }
    });
    ctx.stroke();
    ctx.restore();
    this.#marks.draw(plot);
  }
}
