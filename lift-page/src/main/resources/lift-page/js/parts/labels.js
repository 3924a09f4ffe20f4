// What the labels of a task with texts mean, in words of the reader's own.
import { data, fill, h } from '../dom.js';

export class LabelTexts {
  #changed;
  #labels = [];
  #texts = new Map(); // by label, also of labels that are not shown now
  #fields = h('div', { class: 'fields' });
  element = h(
    'section',
    { class: 'panel labels', 'aria-labelledby': 'labels-title', hidden: true },
    h(
      'div',
      { class: 'panel-head' },
      h('h2', { id: 'labels-title' }, 'What the labels mean'),
      h('span', { class: 'small muted' }, 'Helps where a label is a code or few rows are labelled'),
    ),
    this.#fields,
  );

  /** @param changed called when a text is changed */
  constructor(changed) {
    this.#changed = changed;
  }

  /** Shows a field for each label; what was written before stays. */
  show(labels) {
    this.element.hidden = labels.length === 0;
    if (labels.length === this.#labels.length && labels.every((l, i) => l === this.#labels[i])) {
      return; // the reader may be writing in one of them
    }
    this.#labels = labels;
    fill(
      this.#fields,
      labels.map((label, i) =>
        h(
          'div',
          { class: 'field' },
          h('label', { for: `label-${i}` }, data(label)),
          h('input', {
            type: 'text',
            id: `label-${i}`,
            value: this.#texts.get(label) ?? '',
            autocomplete: 'off',
            placeholder: 'the label itself',
            oninput: (event) => {
              this.#texts.set(label, event.target.value);
              this.#changed();
            },
          }),
        ),
      ),
    );
  }

  /** The texts that were written, by label. */
  choices() {
    const choices = Object.create(null); // a label may be called __proto__
    for (const label of this.#labels) {
      const text = this.#texts.get(label)?.trim();
      if (text) {
        choices[label] = text;
      }
    }
    return choices;
  }
}
