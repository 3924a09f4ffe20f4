// How much each predictor counts in the answers, over time, and what happened to the task.
import { fill, h, setText, visible } from '../dom.js';
import { count, percent, short, time } from '../format.js';
import { Marks, kindOf, marksOf } from './marks.js';
import { Plot, PlotTable } from './plot.js';

const HEIGHT = 220;
const EVENTS = 6;
const CHECKPOINT = 'checkpoint-';
const shades = (name, count) => Array.from({ length: count }, (_, i) => `--${name}-${i + 1}`);
const CONTEXTS = shades('context', 4);
const ONLINE = shades('online', 5);
const OTHERS = ['--third', '--third-pale'];

// how a part's name begins, its place from the bottom of the chart up, its inks and its label
const KINDS = [
  { begins: 'checkpoint', rank: 0, inks: ['--second'], label: () => 'Checkpoint' },
  { begins: 'earlier', rank: 1, inks: ['--second-pale'], label: () => 'Checkpoint before' },
  { begins: 'context-', rank: 2, inks: CONTEXTS, label: (n) => `Newest ${count(n)} in context` },
  {
    begins: 'boosting-',
    rank: 3,
    inks: ONLINE,
    label: (n) => `Trees boosted on the newest ${count(n)}`,
  },
  { begins: 'nearest-', rank: 3, inks: ONLINE, label: (n) => `Nearest of the newest ${count(n)}` },
  { begins: 'bayes-', rank: 3, inks: ONLINE, label: (n) => `Naive Bayes on the newest ${count(n)}` },
  { begins: 'logistic-', rank: 3, inks: ONLINE, label: (n) => `Logistic regression, rate ${n}` },
  { begins: 'frequencies-', rank: 4, inks: OTHERS, label: (n) => `Labels of the newest ${count(n)}` },
];
const UNKNOWN = { rank: 3, inks: OTHERS, label: (_, part) => visible(part) };
const kindOfPart = (part) => KINDS.find((kind) => part.startsWith(kind.begins)) ?? UNKNOWN;
const number = (name) => Number(name.slice(name.indexOf('-') + 1));

/**
 * The weights of a point by the part that a predictor plays: the newest checkpoint at that point is
 * `checkpoint`, older ones together are `earlier`.
 */
function parts(weights) {
  const versions = Object.keys(weights)
    .filter((name) => name.startsWith(CHECKPOINT))
    .map(number);
  const newest = Math.max(...versions);
  const byPart = {};
  for (const [name, weight] of Object.entries(weights)) {
    const part = !name.startsWith(CHECKPOINT)
      ? name
      : number(name) === newest
        ? 'checkpoint'
        : 'earlier';
    byPart[part] = (byPart[part] ?? 0) + weight;
  }
  return byPart;
}

/** From the bottom of the chart to its top. */
function order(names) {
  const rank = (name) => kindOfPart(name).rank;
  return names.sort(
    (a, b) => rank(a) - rank(b) || number(b) - number(a) || a.localeCompare(b),
  );
}

const label = (part) => kindOfPart(part).label(number(part), part);

export class WeightsPanel {
  #marks = new Marks();
  #names = null;
  #plot;
  #table;
  #legend = h('div');
  #chart = h('div');
  #note = h('p', { class: 'panel-note' });
  #list = h('ol', { class: 'events' });
  #empty = h('p', { class: 'empty' });

  constructor() {
    this.element = h(
      'section',
      { class: 'panel weights', 'aria-labelledby': 'weights-title' },
      h(
        'div',
        { class: 'panel-head' },
        h('h2', { id: 'weights-title' }, 'What the answers are based on'),
        this.#legend,
      ),
      this.#empty,
      this.#chart,
      this.#note,
      this.#list,
    );
  }

  update({ charts, events = [], card }) {
    const points = charts?.history ?? [];
    const weighted = points.some((point) => point.weights);
    this.#empty.hidden = weighted;
    this.#chart.hidden = this.#legend.hidden = this.#note.hidden = !weighted;
    setText(
      this.#empty,
      card?.checkpoint || card?.scored
        ? 'The checkpoint answers alone.'
        : 'The weights of the predictors show here once rows are scored.',
    );
    if (weighted) {
      this.#draw(points, { charts, events });
    }
    fill(
      this.#list,
      events
        .slice(-EVENTS)
        .toReversed()
        .map((event) => {
          const { word, ink } = kindOf(event);
          return h(
            'li',
            { vars: { '--ink': `var(${ink})` } },
            h('b', {}, event.kind === 'shortened' ? 'Shortened' : word),
            h('span', {}, visible(event.text)),
            h('time', { class: 'numeral muted' }, time(event.at)),
          );
        }),
    );
    this.#list.hidden = events.length === 0;
  }

  #draw(points, state) {
    // null before there were any: the axis is that of the metric's chart
    const weights = points.map((point) => (point.weights ? parts(point.weights) : null));
    const names = order([...new Set(weights.flatMap((at) => Object.keys(at ?? {})))]);
    if (names.join() !== this.#names?.join()) {
      this.#build(names);
    }
    this.#marks.show(marksOf(state));
    // areas on each other: the whole is drawn first, and what lies below it over it
    const sums = names.map((_, i) =>
      weights.map(
        (at) => at && names.slice(0, i + 1).reduce((sum, name) => sum + (at[name] ?? 0), 0),
      ),
    );
    const own = names.map((name) => weights.map((at) => at?.[name] ?? null));
    this.#plot.show(
      [points.map((point) => point.scored), ...sums.toReversed()],
      own.toReversed(),
    );
    const newest = weights.findLast((at) => at);
    const first = names.toSorted((a, b) => (newest[b] ?? 0) - (newest[a] ?? 0))[0];
    setText(
      this.#note,
      `Most of the weight: ${label(first)}, ${percent(newest[first])}. ` +
        'A predictor counts as much as it has held the newest truths likely.',
    );
    this.#table.show(() =>
      points
        .map((point, i) => [
          count(point.scored),
          ...names.map((name) => percent(weights[i]?.[name])),
          time(point.at),
        ])
        .toReversed(),
    );
  }

  #build(names) {
    this.#names = names;
    const used = new Map(); // inks → how many parts have one of them
    const ink = (name) => {
      const { inks } = kindOfPart(name);
      const at = used.get(inks) ?? 0;
      used.set(inks, at + 1);
      return inks[Math.min(at, inks.length - 1)];
    };
    const series = names.map((name) => ({
      label: label(name),
      ink: ink(name),
      width: 1,
      solid: true,
      format: percent,
    }));
    this.#plot = new Plot(series.toReversed(), {
      height: HEIGHT,
      xFormat: short,
      yFormat: (v) => `${Math.round(v * 100)} %`,
      yRange: () => [0, 1],
      drawMarks: (plot) => this.#marks.draw(plot),
      onCursor: (plot) => this.#marks.hover(plot),
    });
    this.#table = new PlotTable('Weights of the predictors', [
      'Rows scored',
      ...names.map(label),
      'At',
    ]);
    fill(this.#legend, this.#plot.legend);
    fill(this.#chart, this.#plot.element, this.#table.element);
    this.#plot.element.append(this.#marks.element);
  }
}
