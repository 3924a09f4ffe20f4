// What each column contributes to an answer, as bars to the right and to the left of a middle.
import { data, h } from '../dom.js';
import { count, millis, number, plural, probability } from '../format.js';

const MOST = 12;
const signs = new Intl.NumberFormat('en', {
  minimumFractionDigits: 2,
  maximumFractionDigits: 2,
  signDisplay: 'exceptZero',
});

const signed = (value, isLabel) =>
  isLabel ? signs.format(value) : (value > 0 ? '+' : '') + number(value);

/** A section about the columns of an answer; null if nobody asked for it. */
export function explanationView(answer) {
  const explanation = answer.explanation;
  if (!explanation) {
    return null;
  }
  if (!explanation.columns) {
    return h('p', { class: 'panel-note' }, 'No explanation: ', data(explanation.message), '.');
  }
  const isLabel = answer.label !== undefined;
  const shown = explanation.columns.slice(0, MOST);
  const largest = Math.abs(shown[0]?.contribution ?? 0) || 1;
  const more = explanation.columns.length - shown.length;
  return h(
    'section',
    { class: 'contributions', 'aria-labelledby': 'contributions-title' },
    h('h3', { id: 'contributions-title' }, 'What each column contributes'),
    h(
      'p',
      { class: 'small muted' },
      isLabel
        ? ['By how much the row’s value raises the probability of ', data(answer.label, { cut: true }), '.']
        : 'By how much the row’s value raises the number.',
      ' ',
      explanation.replacement === 'missing'
        ? 'Without any value the answer is '
        : 'With the values of other rows the answer is, on average, ',
      isLabel ? probability(explanation.base) : number(explanation.base),
      '.',
    ),
    h(
      'ul',
      {},
      shown.map(({ column, value, contribution }) =>
        h(
          'li',
          {},
          h('span', { class: 'what' }, data(column, { cut: true }), said(value)),
          h(
            'div',
            {
              class: contribution < 0 ? 'bar down' : 'bar up',
              vars: { '--share': Math.abs(contribution) / largest },
            },
            h('i'),
          ),
          h('span', { class: 'numeral' }, signed(contribution, isLabel)),
        ),
      ),
    ),
    more > 0 ? h('p', { class: 'small muted' }, `${plural(more, 'column')} more contribute less.`) : null,
    explanation.leftOut
      ? h('p', { class: 'small muted' }, `${plural(explanation.leftOut.length, 'column')} left out: the row has too many.`)
      : null,
    h(
      'p',
      { class: 'small muted numeral' },
      `${count(explanation.variants)} changed rows were answered for this, in ${millis(explanation.millis)}.`,
    ),
  );
}

function said(value) {
  const text = value === undefined ? 'missing' : typeof value === 'number' ? number(value) : value;
  return h('span', { class: 'muted' }, ' ', data(text, { cut: true }));
}
