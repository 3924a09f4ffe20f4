// What was inferred from a table, to be corrected and started.
import * as api from '../api.js';
import { data, fill, h, setText, visible } from '../dom.js';
import { plural } from '../format.js';
import { ColumnsTable } from './columns.js';
import { LabelTexts } from './labels.js';

const DELAY = 250; // ms without input before the next request
const STYLES = [
  ['named', 'The columns by their names'],
  ['paper', "The paper's x1, x2, …"],
  ['free', 'A sentence of my own'],
];
const NUMBERS = [
  ['grid', 'Integers 0 to 99 on a grid'],
  ['adaptive', 'As many digits as needed'],
  ['fixed', 'Two digits after the point'],
];

export class ProposalForm {
  #proposal;
  #started;
  #choices;
  #type = ''; // what the reader chose; empty: as the target suggests
  #timer = 0;
  #requests = 0;
  #name;
  #target;
  #typeSelect;
  #free = h('textarea', {
    id: 'free',
    rows: '3',
    'aria-describedby': 'free-hint',
    oninput: () => this.#change(),
  });
  #freeField = h(
    'div',
    { class: 'field wide' },
    h('label', { for: 'free' }, 'Sentence'),
    this.#free,
    h('span', { class: 'hint', id: 'free-hint' }, 'Write {column} where a value goes.'),
  );
  #style;
  #numbers;
  #send = h('input', { type: 'checkbox', id: 'send', checked: true });
  #sentence = h('code', { class: 'prompt', tabindex: '0' });
  #problem = h('p', { class: 'error-text', id: 'problem', role: 'alert' });
  #start = h('button', { type: 'submit', 'aria-describedby': 'problem' }, 'Start learning');
  #columns;
  #labels = new LabelTexts(() => this.#change());

  /** @param started called with the task's name once it is published */
  constructor(proposal, started) {
    this.#proposal = proposal;
    this.#started = started;
    this.#choices = { ...proposal.choices, columns: { ...proposal.choices.columns } };
    const change = { onchange: () => this.#change() };
    this.#name = h('input', {
      type: 'text',
      id: 'name',
      value: this.#choices.name ?? '',
      required: true,
      maxlength: '100',
      autocomplete: 'off',
      spellcheck: 'false',
      'aria-describedby': 'name-hint',
      oninput: () => this.#change(),
    });
    this.#target = h(
      'select',
      { id: 'target', onchange: () => this.#change() },
      proposal.columns.map((column) => h('option', { value: column.name }, visible(column.name))),
    );
    this.#target.value = this.#choices.target ?? '';
    this.#typeSelect = options(
      'type',
      [
        ['', 'Automatic'],
        ['classification', 'One of a few labels'],
        ['regression', 'A number'],
      ],
      '',
      {
        onchange: () => {
          this.#type = this.#typeSelect.value;
          this.#change();
        },
      },
    );
    this.#style = options('style', STYLES, this.#choices.template?.style ?? 'paper', change);
    this.#numbers = options('numbers', NUMBERS, this.#choices.numbers?.style ?? 'grid', change);
    this.#free.value = this.#choices.template?.text ?? '';
    this.#columns = new ColumnsTable(proposal, this.#choices.columns, () => this.#change());
    this.element = this.#form();
    this.#show(proposal);
  }

  /** Puts the reader at the choice that matters. */
  focus() {
    this.#target.focus({ preventScroll: false });
  }

  #form() {
    const { columns, rows, source, kind } = this.#proposal;
    return h(
      'form',
      { class: 'proposal', novalidate: true, onsubmit: (event) => this.#submit(event) },
      h(
        'section',
        { class: 'panel', 'aria-labelledby': 'task-title' },
        h(
          'div',
          { class: 'panel-head' },
          h('h2', { id: 'task-title' }, 'The task'),
          h(
            'span',
            { class: 'small muted numeral' },
            `${plural(rows, 'row')} of `,
            data(source),
            `, ${plural(columns.length, 'column')}`,
          ),
        ),
        h(
          'div',
          { class: 'fields' },
          field('target', 'Column to predict', this.#target),
          field('type', 'What it is', this.#typeSelect),
          field('name', 'Name of the task', this.#name, 'Letters, digits and . _ -'),
          field('style', 'Sentence', this.#style),
          field('numbers', 'Numbers', this.#numbers),
          this.#freeField,
        ),
        h('h3', { class: 'prompt-title' }, 'The first row as the model sees it'),
        this.#sentence,
      ),
      this.#labels.element,
      this.#columns.element,
      h(
        'div',
        { class: 'finish' },
        this.#problem,
        kind === 'csv'
          ? h(
              'label',
              { class: 'check', for: 'send' },
              this.#send,
              `Send the ${plural(rows, 'row')} to the task at once`,
            )
          : null,
        this.#start,
      ),
    );
  }

  #read() {
    const style = this.#style.value;
    const numbers = this.#numbers.value;
    this.#choices = {
      name: this.#name.value.trim(),
      target: this.#target.value,
      columns: this.#columns.choices(this.#target.value),
      template: style === 'free' ? { style, text: this.#free.value } : { style },
      numbers: numbers === 'fixed' ? { style: numbers, decimals: 2 } : { style: numbers },
      labelTexts: this.#labels.choices(),
      ...(this.#type ? { type: this.#type } : {}),
    };
  }

  #change() {
    this.#read();
    this.#showLocal();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#correct(), DELAY);
  }

  async #correct() {
    const number = ++this.#requests;
    try {
      const proposal = await api.correct(this.#proposal.id, this.#choices);
      if (number === this.#requests) {
        this.#show(proposal);
      }
    } catch (failure) {
      if (number === this.#requests) {
        this.#say(failure.message);
      }
    }
  }

  #show(proposal) {
    fill(
      this.#sentence,
      proposal.sentence
        ? [visible(proposal.sentence), h('b', {}, visible(proposal.completion ?? ''))]
        : '–',
    );
    this.#say(proposal.problem ?? '');
    this.#labels.show(proposal.labels ?? []);
    const judged = proposal.choices?.type;
    if (judged) {
      setText(
        this.#typeSelect.options[0],
        `Automatic: ${judged === 'regression' ? 'a number' : 'one of a few labels'}`,
      );
    }
    this.#showLocal();
  }

  #showLocal() {
    this.#freeField.hidden = this.#style.value !== 'free';
    this.#columns.mark(this.#target.value);
  }

  #say(problem) {
    setText(this.#problem, visible(problem));
    this.#start.disabled = problem !== '';
  }

  async #submit(event) {
    event.preventDefault();
    this.#read();
    clearTimeout(this.#timer);
    this.#start.disabled = true;
    setText(this.#start, 'Starting …');
    try {
      const { task } = await api.createTask(this.#proposal.id, this.#choices, this.#send.checked);
      this.#started(task);
    } catch (failure) {
      setText(this.#problem, visible(failure.message));
      this.#start.disabled = false;
      setText(this.#start, 'Start learning');
      this.#start.focus();
    }
  }
}

function field(id, name, control, hint = null) {
  return h(
    'div',
    { class: 'field' },
    h('label', { for: id }, name),
    control,
    hint ? h('span', { class: 'hint', id: `${id}-hint` }, hint) : null,
  );
}

function options(id, choices, chosen, listeners) {
  const select = h(
    'select',
    { id, ...listeners },
    choices.map(([value, text]) => h('option', { value }, text)),
  );
  select.value = chosen;
  return select;
}
