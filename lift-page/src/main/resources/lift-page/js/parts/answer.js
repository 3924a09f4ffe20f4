// One answer: probabilities as bars, or a number with its interval.
import { data, h } from '../dom.js';
import { millis, number, plural, probability } from '../format.js';

/** The columns that a row did not name; null if it named all. */
export function missingColumns(missing) {
  return missing?.length
    ? h(
        'span',
        { class: 'small muted' },
        'without ',
        missing.map((column, i) => [i ? ', ' : '', data(column, { cut: true })]),
      )
    : null;
}

function answeredBy({ version, context }) {
  const rows = `${plural(context, 'labelled row')} in context`;
  if (version === 0) {
    return context ? `Answered by ${rows} before any checkpoint` : 'Answered by the base model';
  }
  return `Answered by checkpoint v${version}` + (context ? ` and ${rows}` : '');
}

export function answerView(answer) {
  const by = h(
    'p',
    { class: 'panel-note numeral' },
    answeredBy(answer),
    answer.millis === undefined ? '.' : ` in ${millis(answer.millis)}, through Kafka and back.`,
    answer.missing?.length ? [' The row was answered ', missingColumns(answer.missing), '.'] : null,
  );
  if (answer.status !== 'answered') {
    return h(
      'div',
      { class: 'notice', 'data-tone': 'bad' },
      `The request was ${answer.status}. `,
      answer.message ? data(answer.message) : null,
    );
  }
  if (answer.label === undefined) {
    return h(
      'div',
      { class: 'answer-view' },
      h('p', { class: 'answer-big numeral' }, number(answer.value)),
      answer.interval
        ? h(
            'p',
            { class: 'numeral' },
            `${Math.round(answer.interval.coverage * 100)} % interval: ${number(answer.interval.lower)} to ${number(answer.interval.upper)}`,
          )
        : null,
      by,
    );
  }
  const labels = Object.entries(answer.probabilities).sort(([, a], [, b]) => b - a);
  return h(
    'div',
    { class: 'answer-view' },
    h(
      'p',
      { class: 'answer-big' },
      data(answer.label),
      h('span', { class: 'numeral muted' }, probability(answer.probability)),
    ),
    answer.abstained ? h('p', {}, 'Abstained: less probable than the task requires.') : null,
    h(
      'div',
      { class: 'bars' },
      labels.map(([label, p], i) => [
        data(label, { cut: true }),
        h('div', { class: i === 0 ? 'bar first' : 'bar', vars: { '--share': p } }, h('i')),
        h('span', { class: 'number' }, probability(p)),
      ]),
    ),
    answer.labels ? labelSet(answer.labels, answer.coverage) : null,
    by,
  );
}

function labelSet(labels, coverage) {
  const share = `${Math.round(coverage * 100)} % label set: `;
  return h(
    'p',
    { class: 'label-set' },
    share,
    labels.length
      ? labels.map((label, i) => [i ? ', ' : '', data(label, { cut: true })])
      : 'empty, for even the most probable label is too unsure',
  );
}
