// What the task is: its columns, sentence and policy.
import { data, fill, h, visible } from '../dom.js';
import { count, dateTime, number } from '../format.js';

const STYLES = {
  paper: "the paper's sentence (x1=…, x2=…)",
  named: 'the columns by their names',
  free: 'a sentence of its own',
};
const NUMBERS = {
  grid: 'integers 0 to 99 on a grid of the standardised value',
  adaptive: 'as many digits as keep values distinct',
  fixed: 'a fixed number of digits',
};
const POLICY = {
  window: 'rows in rehearsal',
  firstRound: 'rows before the first round',
  roundRows: 'new rows per round',
  roundSeconds: 'seconds per round at most',
  epochs: 'epochs',
  maxSteps: 'steps per round at most',
  priority: 'priority',
  members: 'models averaged',
  seed: 'seed',
};

export class AboutPanel {
  #place = h('div', { class: 'about' });
  element = h(
    'section',
    { class: 'panel', 'aria-labelledby': 'about-title' },
    h('div', { class: 'panel-head' }, h('h2', { id: 'about-title' }, 'The task')),
    this.#place,
  );

  constructor(spec) {
    const policy = Object.entries(spec.training ?? {}).map(
      ([key, value]) => `${POLICY[key] ?? key} ${number(value)}`,
    );
    fill(
      this.#place,
      h(
        'dl',
        { class: 'facts' },
        pair('Predicts', data(spec.target.name)),
        pair('Type', spec.type),
        pair('Version', String(spec.version)),
        pair(
          'Sentence',
          STYLES[spec.template?.style] ?? '',
          spec.template?.text ? h('code', { class: 'prompt' }, visible(spec.template.text)) : null,
        ),
        pair('Numbers', NUMBERS[spec.numbers?.style] ?? ''),
        meanings(spec.labelTexts ?? {}),
        pair(
          'Sources',
          [{ topic: 'lift.rows' }, ...(spec.sources ?? [])].map((source, i) => [
            i ? ', ' : '',
            data(source.topic),
            source.from === undefined ? '' : ` from ${dateTime(source.from)}`,
          ]),
        ),
        pair(
          'Early requests',
          spec.beforeFirstCheckpoint === 'base'
            ? 'answered by the base model'
            : 'wait for the first checkpoint',
        ),
        pair('Training', policy.length ? policy.join(', ') : 'with the defaults'),
      ),
      h(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Columns' },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              ['Column', 'Type', 'Values'].map((head) => h('th', { scope: 'col' }, head)),
            ),
          ),
          h(
            'tbody',
            {},
            spec.features.map((column) => row(column, column.type)),
            row(spec.target, 'target'),
          ),
        ),
      ),
    );
  }

  update() {}
}

const pair = (name, ...value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));

const meanings = (texts) =>
  Object.keys(texts).length === 0
    ? null
    : pair(
        'What labels mean',
        Object.entries(texts).map(([label, text], i) => [i ? ', ' : '', data(label), ': ', data(text)]),
      );

const row = (column, role) =>
  h(
    'tr',
    {},
    h('th', { scope: 'row' }, data(column.name)),
    h('td', {}, role),
    h('td', {}, values(column)),
  );

function values(column) {
  if (column.categories?.length) {
    const shown = column.categories.slice(0, 12);
    const more = column.categories.length - shown.length;
    return [
      shown.map((word, i) => [i ? ', ' : '', data(word)]),
      more > 0 ? ` and ${count(more)} more` : null,
    ];
  }
  return column.numbers
    ? `${number(column.numbers.min)} to ${number(column.numbers.max)}, mean ${number(column.numbers.mean)}`
    : 'free text';
}
