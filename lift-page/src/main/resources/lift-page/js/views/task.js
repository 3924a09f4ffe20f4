// One task: what it does now, a row to try, its checkpoints, its dead letters, itself.
import { announce, data, fill, h, setAttr, setText, visible } from '../dom.js';
import { count, metric } from '../format.js';
import { AboutPanel } from '../parts/about.js';
import { CheckpointsPanel } from '../parts/checkpoints.js';
import { DeadLettersPanel } from '../parts/dead-letters.js';
import { LearningPanel } from '../parts/learning.js';
import { MetricsPanel } from '../parts/metrics.js';
import { PredictionsPanel } from '../parts/predictions.js';
import { ConfusionPanel, ReliabilityPanel, ScatterPanel } from '../parts/quality.js';
import { RoundPanel } from '../parts/round.js';
import { Tiles } from '../parts/tiles.js';
import { TryPanel, fields } from '../parts/try.js';
import { WeightsPanel } from '../parts/weights.js';
import { stateOf } from './overview.js';

const PAGES = [
  ['live', 'Live'],
  ['try', 'Try a row'],
  ['checkpoints', 'Checkpoints'],
  ['dead-letters', 'Dead letters'],
  ['about', 'About'],
];
const MOST_PREDICTIONS = 100;

export class TaskView {
  #live;
  #name;
  #page = 'live';
  #state = null;
  #parts = [];
  #badge = h('span', { class: 'badge' });
  #about = h('p', { class: 'muted' });
  #notice = h('div', { role: 'status' });
  #links = new Map();
  #place = h('div', { class: 'task-page' }, h('p', { class: 'loading' }, 'Loading …'));
  #drawing = 0;
  #clock = 0;

  constructor(live, name) {
    this.#live = live;
    this.#name = name;
    this.title = visible(name);
    const path = `#/tasks/${encodeURIComponent(name)}`;
    this.element = h(
      'div',
      {},
      h('p', { class: 'crumb small' }, h('a', { href: '#/' }, '\u2190 All tasks')),
      h(
        'div',
        { class: 'view-head' },
        h(
          'div',
          {},
          h('div', { class: 'title-line' }, h('h1', { tabindex: '-1' }, data(name)), this.#badge),
          this.#about,
        ),
      ),
      h(
        'nav',
        { class: 'pages', 'aria-label': 'Task' },
        PAGES.map(([page, title]) => {
          const link = h('a', { href: page === 'live' ? path : `${path}/${page}` }, title);
          this.#links.set(page, link);
          return link;
        }),
      ),
      this.#notice,
      this.#place,
    );
  }

  start() {
    this.#live.open(this.#name, {
      tasks: ({ tasks, ready }) => this.#list(tasks, ready),
      task: (task) => this.#begin(task),
      metrics: ({ metrics, charts }) => this.#change({ metrics, charts }),
      round: (round) => this.#change({ round }),
      lineage: (lineage) => this.#change({ lineage }),
      events: (events) => this.#change({ events }),
      predictions: (newer) =>
        this.#state && this.#change({ predictions: merge(this.#state.predictions, newer) }),
      missing: (sentence) => this.#missing(sentence),
    });
    this.#clock = setInterval(() => this.#draw(), 1000); // ages grow by themselves
  }

  stop() {
    clearInterval(this.#clock);
    cancelAnimationFrame(this.#drawing);
  }

  /** Shows another page of the same task. */
  open(page) {
    this.#page = this.#links.has(page) ? page : 'live';
    for (const [name, link] of this.#links) {
      setAttr(link, 'aria-current', name === this.#page ? 'page' : null);
    }
    if (this.#state) {
      this.#build();
    }
  }

  #list(tasks, ready) {
    const card = tasks.find((other) => other.task === this.#name);
    if (this.#state) {
      this.#change({ card });
    } else if (!card && ready !== false) {
      this.#missing(`There is no task ${this.#name}.`);
    }
  }

  #begin(task) {
    if (task.gone) {
      this.#missing('The task was deleted.');
      return;
    }
    const replaced = JSON.stringify(task.spec) !== JSON.stringify(this.#state?.spec);
    this.#state = { predictions: [], lineage: [], events: [], ...task };
    if (replaced) {
      this.#build();
    } else {
      this.#draw();
    }
  }

  #missing(sentence) {
    this.#state = null;
    this.#parts = [];
    fill(
      this.#place,
      h(
        'div',
        { class: 'panel empty' },
        h('strong', {}, visible(sentence)),
        h('a', { href: '#/', role: 'button' }, 'All tasks'),
      ),
    );
  }

  #change(newer) {
    const known = Object.entries(newer).filter(
      ([, value]) => value !== undefined && value !== null,
    );
    if (this.#state && known.length > 0) {
      const before = this.#state.lineage?.[0]?.version;
      Object.assign(this.#state, Object.fromEntries(known));
      this.#announce(before);
      this.#draw();
    }
  }

  // a new checkpoint is worth a word; every prediction would be noise
  #announce(before) {
    const newest = this.#state.lineage?.[0];
    if (newest && before !== undefined && newest.version !== before) {
      const headline = this.#state.card?.headline;
      announce(
        `Checkpoint ${newest.version} answers now.` +
          (headline
            ? ` ${metric(headline.metric).name} ${metric(headline.metric).format(headline.rolling)}.`
            : ''),
      );
    }
  }

  #build() {
    const { spec } = this.#state;
    const parts = {
      live: () => liveParts(spec),
      try: () => [new TryPanel(spec)],
      checkpoints: () => [new CheckpointsPanel(spec)],
      'dead-letters': () => [new DeadLettersPanel(spec)],
      about: () => [new AboutPanel(spec)],
    }[this.#page]();
    this.#parts = parts;
    setAttr(this.#place, 'class', `task-page ${this.#page}-page`);
    fill(
      this.#place,
      parts.map((part) => part.element),
    );
    this.#draw();
  }

  // once per frame, however much has changed
  #draw() {
    cancelAnimationFrame(this.#drawing);
    this.#drawing = requestAnimationFrame(() => {
      if (!this.#state?.card) {
        return;
      }
      const state = { ...this.#state, now: this.#live.now() };
      this.#head(state);
      this.#parts.forEach((part) => part.update(state));
    });
  }

  #head({ card, spec }) {
    const [text, tone] = stateOf(card);
    setText(this.#badge, text);
    setAttr(this.#badge, 'data-tone', tone);
    setText(
      this.#about,
      `Predicts ${visible(spec.target.name)} from ${count(fields(spec).length)} columns, ${spec.type}, version ${spec.version}`,
    );
    const dead = this.#links.get('dead-letters');
    setText(dead, card.deadLetters ? `Dead letters (${count(card.deadLetters)})` : 'Dead letters');
    const failed =
      card.upload?.state === 'failed'
        ? `Sending the file stopped after ${count(card.upload.sent)} rows: ${card.upload.error}`
        : (card.upload?.error ?? '');
    if (this.#notice.textContent !== visible(failed)) {
      fill(
        this.#notice,
        failed ? h('p', { class: 'notice', 'data-tone': 'bad' }, visible(failed)) : null,
      );
    }
  }
}

function liveParts(spec) {
  const quality =
    spec.type === 'regression'
      ? [new ScatterPanel()]
      : [new ReliabilityPanel(), new ConfusionPanel()];
  return [
    new Tiles(),
    new LearningPanel(spec.type),
    new RoundPanel(),
    new WeightsPanel(),
    new PredictionsPanel(spec.type),
    ...quality,
    new MetricsPanel(),
  ];
}

/** Newest first; one that comes again, with its truth, takes the place of the first. */
function merge(known, newer) {
  const byRow = new Map(newer.map((p) => [p.row, p]));
  const rest = known.map((p) => {
    const again = byRow.get(p.row);
    byRow.delete(p.row);
    return again ?? p;
  });
  return [...[...byRow.values()].reverse(), ...rest].slice(0, MOST_PREDICTIONS);
}
