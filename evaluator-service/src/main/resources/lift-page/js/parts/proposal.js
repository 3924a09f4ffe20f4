// What was inferred from a table, to be corrected and started.
import * as api from '../api.js';
import { data, fill, h, setAttr, setText, visible } from '../dom.js';
import { count, number, plural } from '../format.js';

const PATIENCE = 250; // ms of quiet before the service is asked again
const LEAVE_OUT = 'leave out';
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
  #asking = 0;
  #asked = 0;
  #name;
  #target;
  #typeSelect;
  #free = h('textarea', { id: 'free', rows: '3', 'aria-describedby': 'free-hint', oninput: () => this.#change() });
  #freeField = h('div', { class: 'field wide' }, h('label', { for: 'free' }, 'Sentence'), this.#free, h('span', { class: 'hint', id: 'free-hint' }, 'Write {column} where a value goes.'));
  #style;
  #numbers;
  #send = h('input', { type: 'checkbox', id: 'send', checked: true });
  #sentence = h('code', { class: 'prompt', tabindex: '0' });
  #problem = h('p', { class: 'error-text', id: 'problem', role: 'alert' });
  #start = h('button', { type: 'submit', 'aria-describedby': 'problem' }, 'Start learning');
  #rows = [];

  /** @param started called with the task's name once it is published */
  constructor(proposal, started) {
    this.#proposal = proposal;
    this.#started = started;
    this.#choices = { ...proposal.choices, columns: { ...proposal.choices.columns } };
    const change = { onchange: () => this.#change() };
    this.#name = h('input', { type: 'text', id: 'name', value: this.#choices.name ?? '', required: true, maxlength: '100', autocomplete: 'off', spellcheck: 'false', 'aria-describedby': 'name-hint', oninput: () => this.#change() });
    this.#target = h(
      'select',
      { id: 'target', onchange: () => this.#change() },
      proposal.columns.map((column) => h('option', { value: column.name }, visible(column.name))),
    );
    this.#target.value = this.#choices.target ?? '';
    this.#typeSelect = options('type', [['', 'Automatic'], ['classification', 'One of a few labels'], ['regression', 'A number']], '', {
      onchange: () => {
        this.#type = this.#typeSelect.value;
        this.#change();
      },
    });
    this.#style = options('style', STYLES, this.#choices.template?.style ?? 'paper', change);
    this.#numbers = options('numbers', NUMBERS, this.#choices.numbers?.style ?? 'grid', change);
    this.#free.value = this.#choices.template?.text ?? '';
    this.element = this.#form();
    this.#show(proposal);
  }

  /** Puts the reader at the choice that matters. */
  focus() {
    this.#target.focus({ preventScroll: false });
  }

  #form() {
    const { columns, rows, source, kind, remarks } = this.#proposal;
    return h(
      'form',
      { class: 'proposal', novalidate: true, onsubmit: (event) => this.#submit(event) },
      h(
        'section',
        { class: 'panel', 'aria-labelledby': 'task-title' },
        h('div', { class: 'panel-head' }, h('h2', { id: 'task-title' }, 'The task'), h('span', { class: 'small muted figure' }, `${plural(rows, 'row')} of `, data(source), `, ${plural(columns.length, 'column')}`)),
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
      h(
        'section',
        { class: 'panel', 'aria-labelledby': 'columns-title' },
        h('div', { class: 'panel-head' }, h('h2', { id: 'columns-title' }, 'Columns'), h('span', { class: 'small muted' }, 'As they were read; change a type where it is wrong')),
        remarks?.length ? h('ul', { class: 'remarks small' }, remarks.map((remark) => h('li', {}, data(remark)))) : null,
        this.#columns(),
        this.#preview(),
      ),
      h(
        'div',
        { class: 'finish' },
        this.#problem,
        kind === 'csv' ? h('label', { class: 'check', for: 'send' }, this.#send, `Send the ${plural(rows, 'row')} to the task at once`) : null,
        this.#start,
      ),
    );
  }

  #columns() {
    return h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of columns' },
      h(
        'table',
        { class: 'columns' },
        h('thead', {}, h('tr', {}, ['Column', 'Type', 'Values', 'Missing', 'Examples'].map((head) => h('th', { scope: 'col', class: head === 'Missing' ? 'number' : null }, head)))),
        h('tbody', {}, this.#proposal.columns.map((column, i) => this.#column(column, i))),
      ),
    );
  }

  #column(column, i) {
    const type = h(
      'select',
      { id: `column-${i}`, 'aria-label': `Type of ${visible(column.name)}`, onchange: () => this.#change() },
      [...new Set([column.type, ...(column.types ?? [])])].map((t) => h('option', { value: t }, t)),
      h('option', { value: LEAVE_OUT }, LEAVE_OUT),
    );
    const chosen = this.#choices.columns;
    type.value = Object.hasOwn(chosen, column.name) ? chosen[column.name] : column.type;
    const mark = h('span', { class: 'badge', 'data-tone': 'busy' }, 'target');
    const row = h(
      'tr',
      {},
      h('th', { scope: 'row' }, data(column.name)),
      h('td', {}, type, mark),
      h('td', { class: 'figure' }, values(column)),
      h('td', { class: 'number' }, column.missing ? count(column.missing) : ''),
      h('td', { class: 'muted examples' }, (column.examples ?? []).slice(0, 4).map((example, n) => [n ? ', ' : '', data(example)])),
    );
    this.#rows.push({ column, type, mark, row });
    return row;
  }

  #preview() {
    const { columns, preview } = this.#proposal;
    if (!preview?.length) {
      return null;
    }
    return h(
      'details',
      { class: 'as-table' },
      h('summary', {}, `First ${plural(preview.length, 'row')}`),
      h(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'First rows' },
        h(
          'table',
          { class: 'preview' },
          h('thead', {}, h('tr', {}, columns.map((column) => h('th', { scope: 'col' }, data(column.name))))),
          h('tbody', {}, preview.map((cells) => h('tr', {}, cells.map((cell) => h('td', {}, cell === null || cell === '' ? h('span', { class: 'muted' }, 'missing') : data(cell, { cut: true })))))),
        ),
      ),
    );
  }

  #read() {
    const columns = Object.create(null); // a column may be called __proto__
    for (const { column, type } of this.#rows) {
      if (column.name !== this.#target.value && type.value !== column.type) {
        columns[column.name] = type.value;
      }
    }
    const style = this.#style.value;
    const numbers = this.#numbers.value;
    this.#choices = {
      name: this.#name.value.trim(),
      target: this.#target.value,
      columns,
      template: style === 'free' ? { style, text: this.#free.value } : { style },
      numbers: numbers === 'fixed' ? { style: numbers, decimals: 2 } : { style: numbers },
      ...(this.#type ? { type: this.#type } : {}),
    };
  }

  #change() {
    this.#read();
    this.#showLocal();
    clearTimeout(this.#asking);
    this.#asking = setTimeout(() => this.#correct(), PATIENCE);
  }

  async #correct() {
    const turn = ++this.#asked;
    try {
      const proposal = await api.correct(this.#proposal.id, this.#choices);
      if (turn === this.#asked) {
        this.#show(proposal);
      }
    } catch (failure) {
      if (turn === this.#asked) {
        this.#say(failure.message);
      }
    }
  }

  #show(proposal) {
    fill(this.#sentence, proposal.sentence ? [visible(proposal.sentence), h('b', {}, visible(proposal.completion ?? ''))] : '–');
    this.#say(proposal.problem ?? '');
    const judged = proposal.choices?.type;
    if (judged) {
      setText(this.#typeSelect.options[0], `Automatic: ${judged === 'regression' ? 'a number' : 'one of a few labels'}`);
    }
    this.#showLocal();
  }

  #showLocal() {
    this.#freeField.hidden = this.#style.value !== 'free';
    for (const { column, type, mark, row } of this.#rows) {
      const target = column.name === this.#target.value;
      type.hidden = target;
      mark.hidden = !target;
      setAttr(row, 'data-left-out', !target && type.value === LEAVE_OUT ? 'yes' : null);
    }
  }

  #say(problem) {
    setText(this.#problem, visible(problem));
    this.#start.disabled = problem !== '';
  }

  async #submit(event) {
    event.preventDefault();
    this.#read();
    clearTimeout(this.#asking);
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
  return h('div', { class: 'field' }, h('label', { for: id }, name), control, hint ? h('span', { class: 'hint', id: `${id}-hint` }, hint) : null);
}

function options(id, choices, chosen, listeners) {
  const select = h('select', { id, ...listeners }, choices.map(([value, text]) => h('option', { value }, text)));
  select.value = chosen;
  return select;
}

function values(column) {
  if (column.type === 'number' && column.min !== undefined) {
    return `${number(column.min)} to ${number(column.max)}`;
  }
  if (column.categories?.length) {
    return plural(column.distinct ?? column.categories.length, 'word');
  }
  return column.distinct === undefined ? 'many' : `${count(column.distinct)} different`;
}
