// A form made from the task: requests the answer to one row.
import * as api from '../api.js';
import { announce, data, fill, h, setText, visible } from '../dom.js';
import { number, probability } from '../format.js';
import { answerView } from './answer.js';
import { explanationView } from './explanation.js';

const MOST_OPTIONS = 200;
const DAY = 24 * 60 * 60 * 1000;

export class TryPanel {
  #spec;
  #inputs;
  #error = h('p', { class: 'error-text', role: 'alert' });
  #explain = h('input', { type: 'checkbox', id: 'try-explain' });
  #button = h('button', { type: 'submit' }, 'Predict');
  #result = h('div', { class: 'try-result' });
  #prompt = h('code', { class: 'prompt', tabindex: '0' });
  #answer = h('div', {});

  constructor(spec) {
    this.#spec = spec;
    this.#inputs = fields(spec).map((column, i) => [column, input(column, `try-${i}`)]);
    const form = h(
      'form',
      { class: 'try-form', novalidate: true, onsubmit: (event) => this.#submit(event) },
      h(
        'div',
        { class: 'fields' },
        this.#inputs.map(([column, control], i) =>
          h(
            'div',
            { class: column.type === 'text' ? 'field wide' : 'field' },
            h('label', { for: `try-${i}` }, data(column.name)),
            control,
            hint(column, `try-${i}-hint`),
          ),
        ),
      ),
      this.#error,
      h(
        'div',
        { class: 'actions' },
        this.#button,
        h(
          'button',
          { type: 'button', class: 'plain', onclick: () => this.#fillTypical() },
          'Fill with typical values',
        ),
        h(
          'label',
          { class: 'check', for: 'try-explain' },
          this.#explain,
          'Say what each column contributes',
        ),
      ),
    );
    this.#showNothing();
    this.element = h(
      'div',
      { class: 'try' },
      h(
        'section',
        { class: 'panel', 'aria-labelledby': 'try-title' },
        h(
          'div',
          { class: 'panel-head' },
          h('h2', { id: 'try-title' }, 'A row'),
          h('span', { class: 'small muted' }, 'Empty fields are missing values'),
        ),
        form,
      ),
      h(
        'section',
        { class: 'panel', 'aria-labelledby': 'answer-title' },
        h('div', { class: 'panel-head' }, h('h2', { id: 'answer-title' }, 'Answer')),
        this.#result,
      ),
    );
  }

  update() {}

  #showNothing() {
    fill(
      this.#result,
      h(
        'p',
        { class: 'empty' },
        h(
          'span',
          {},
          'The row travels through Kafka like any other, but is neither learned nor scored.',
        ),
      ),
    );
  }

  async #submit(event) {
    event.preventDefault();
    const row = Object.create(null); // a column may be called __proto__
    for (const [column, control] of this.#inputs) {
      const text = control.value.trim();
      if (text !== '') {
        row[column.name] =
          column.type === 'number' && Number.isFinite(Number(text)) ? Number(text) : control.value;
      }
    }
    setText(this.#error, '');
    if (Object.keys(row).length === 0) {
      setText(this.#error, 'Fill in at least one field.');
      this.#inputs[0]?.[1].focus();
      return;
    }
    this.#button.disabled = true;
    setText(this.#button, 'Predicting …');
    try {
      this.#show(await api.tryRow(this.#spec.name, row, this.#explain.checked));
    } catch (failure) {
      setText(this.#error, visible(failure.message));
    } finally {
      this.#button.disabled = false;
      setText(this.#button, 'Predict');
      if (document.activeElement === document.body) {
        this.#button.focus(); // disabling it took the focus away
      }
    }
  }

  #show(answer) {
    setText(this.#prompt, visible(answer.prompt));
    fill(
      this.#result,
      answerView(answer),
      explanationView(answer),
      h('h3', { class: 'prompt-title' }, 'As the model sees it'),
      this.#prompt,
    );
    announce(
      answer.label === undefined
        ? `Answer: ${number(answer.value)}`
        : `Answer: ${visible(answer.label)}, ${probability(answer.probability)}`,
    );
  }

  #fillTypical() {
    for (const [column, control] of this.#inputs) {
      if (column.type === 'date') {
        control.value = new Date(column.numbers.mean * DAY).toISOString().slice(0, 16);
      } else if (column.type === 'number' && column.numbers) {
        control.value = rounded(column.numbers.mean, column.numbers.decimals);
      } else if (column.type === 'category') {
        control.value = column.categories[0] ?? '';
      }
    }
    setText(this.#error, '');
  }
}

/** The fields that a row has: one for all columns of a date. */
export function fields(spec) {
  const parts = spec.features.map((column) =>
    column.date
      ? { name: column.date.field, type: 'date', numbers: column.numbers, part: column.date.part }
      : column,
  );
  return parts.filter((column) => column.type !== 'date' || column.part === 'trend');
}

const rounded = (value, decimals) => String(Number(value.toFixed(Math.min(12, decimals ?? 2))));

function input(column, id) {
  const common = { id, name: id, autocomplete: 'off', 'aria-describedby': `${id}-hint` };
  if (column.type === 'number') {
    return h('input', { ...common, type: 'text', inputmode: 'decimal' });
  }
  if (column.type === 'category' && column.categories.length <= MOST_OPTIONS) {
    return h(
      'select',
      common,
      h('option', { value: '' }, '(missing)'),
      column.categories.map((word) => h('option', { value: word }, visible(word))),
    );
  }
  return column.type === 'text'
    ? h('textarea', { ...common, rows: '3' })
    : h('input', { ...common, type: 'text' });
}

function hint(column, id) {
  const numbers = column.numbers;
  const text =
    column.type === 'date'
      ? 'a date, such as 2026-11-29 or 2026-11-29T08:00'
      : column.type === 'number' && numbers
        ? `${number(numbers.min)} to ${number(numbers.max)}`
        : column.type === 'category'
          ? `${column.categories.length} words`
          : 'text';
  return h('span', { class: 'hint numeral', id }, text);
}
