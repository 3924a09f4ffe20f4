// The columns of a table as they were read, with the types that may be changed.
import { data, h, setAttr, visible } from '../dom.js';
import { count, number, plural } from '../format.js';

const LEAVE_OUT = 'leave out';

export class ColumnsTable {
  #rows = [];

  /**
   * @param chosen types by column, where they differ from those that were inferred
   * @param changed called when a type is changed
   */
  constructor({ columns, preview, remarks }, chosen, changed) {
    this.element = h(
      'section',
      { class: 'panel', 'aria-labelledby': 'columns-title' },
      h(
        'div',
        { class: 'panel-head' },
        h('h2', { id: 'columns-title' }, 'Columns'),
        h('span', { class: 'small muted' }, 'As they were read; change a type where it is wrong'),
      ),
      remarks?.length
        ? h(
            'ul',
            { class: 'remarks small' },
            remarks.map((remark) => h('li', {}, data(remark))),
          )
        : null,
      h(
        'div',
        { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Table of columns' },
        h(
          'table',
          { class: 'columns' },
          heads(['Column', 'Type', 'Values', 'Missing', 'Examples']),
          h(
            'tbody',
            {},
            columns.map((column, i) => this.#row(column, i, chosen, changed)),
          ),
        ),
      ),
      preview?.length ? first(columns, preview) : null,
    );
  }

  /** The types that the reader has changed, by column; never that of the target. */
  choices(target) {
    const choices = Object.create(null); // a column may be called __proto__
    for (const { column, type } of this.#rows) {
      if (column.name !== target && type.value !== column.type) {
        choices[column.name] = type.value;
      }
    }
    return choices;
  }

  /** Shows which column is to be predicted, and which are left out. */
  mark(target) {
    for (const { column, type, badge, row } of this.#rows) {
      const isTarget = column.name === target;
      type.hidden = isTarget;
      badge.hidden = !isTarget;
      setAttr(row, 'data-left-out', !isTarget && type.value === LEAVE_OUT ? 'yes' : null);
    }
  }

  #row(column, i, chosen, changed) {
    const types = new Set([column.type, ...(column.types ?? []), LEAVE_OUT]);
    const type = h(
      'select',
      { id: `column-${i}`, 'aria-label': `Type of ${visible(column.name)}`, onchange: changed },
      [...types].map((name) => h('option', { value: name }, name)),
    );
    type.value = Object.hasOwn(chosen, column.name) ? chosen[column.name] : column.type;
    const badge = h('span', { class: 'badge', 'data-tone': 'busy' }, 'target');
    const examples = (column.examples ?? []).slice(0, 4);
    const row = h(
      'tr',
      {},
      h('th', { scope: 'row' }, data(column.name)),
      h('td', {}, type, badge),
      h('td', { class: 'numeral' }, values(column)),
      h('td', { class: 'numeral' }, column.missing ? count(column.missing) : ''),
      h(
        'td',
        { class: 'muted examples' },
        examples.map((text, n) => [n ? ', ' : '', data(text)]),
      ),
    );
    this.#rows.push({ column, type, badge, row });
    return row;
  }
}

const heads = (names) =>
  h(
    'thead',
    {},
    h(
      'tr',
      {},
      names.map((name) => h('th', { scope: 'col' }, name)),
    ),
  );

function first(columns, preview) {
  const cell = (text) =>
    h('td', {}, text ? data(text, { cut: true }) : h('span', { class: 'muted' }, 'missing'));
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
        heads(columns.map((column) => data(column.name))),
        h(
          'tbody',
          {},
          preview.map((cells) => h('tr', {}, cells.map(cell))),
        ),
      ),
    ),
  );
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
