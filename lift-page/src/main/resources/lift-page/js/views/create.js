// A new task: a CSV or a topic, what was inferred from it, corrections, and off it goes.
import * as api from '../api.js';
import { announce, data, fill, h, icon, setAttr, setText, visible } from '../dom.js';
import { plural } from '../format.js';
import { ProposalForm } from '../parts/proposal.js';

const LARGEST = 64 * 1024 * 1024;

export class CreateView {
  #live;
  #error = h('div', { role: 'alert' });
  #source = h('section', { class: 'panel source', 'aria-labelledby': 'source-title' });
  #proposal = h('div');
  #file = h('input', {
    type: 'file',
    id: 'csv',
    accept: '.csv,.tsv,.txt,text/csv',
    class: 'visually-hidden',
    onchange: () => this.#picked(),
  });
  #drop = h('label', { class: 'drop', for: 'csv' });
  #topic = h('input', {
    type: 'text',
    id: 'topic',
    list: 'topics',
    autocomplete: 'off',
    placeholder: 'orders',
    'aria-describedby': 'topic-hint',
  });
  #topics = h('datalist', { id: 'topics' });
  #topicHint = h('span', { class: 'hint', id: 'topic-hint' }, 'Its rows are flat JSON objects.');
  element = h(
    'div',
    {},
    h(
      'div',
      { class: 'view-head' },
      h(
        'div',
        {},
        h('h1', { tabindex: '-1' }, 'New task'),
        h('p', { class: 'muted' }, 'Give it a table; say which column to predict.'),
      ),
    ),
    this.#source,
    this.#error,
    this.#proposal,
  );
  title = 'New task';
  #busy = false;

  constructor(live) {
    this.#live = live;
    this.#showDrop();
    for (const name of ['dragenter', 'dragover']) {
      this.element.addEventListener(name, (event) => this.#over(event, true));
    }
    for (const name of ['dragleave', 'drop']) {
      this.element.addEventListener(name, (event) => this.#over(event, false));
    }
    this.element.addEventListener('drop', (event) => this.#dropped(event));
    fill(
      this.#source,
      h('h2', { id: 'source-title', class: 'visually-hidden' }, 'Where the rows are'),
      h('div', { class: 'drop-field' }, this.#file, this.#drop),
      h('div', { class: 'or', 'aria-hidden': 'true' }, 'or'),
      h(
        'form',
        { class: 'topic-form', onsubmit: (event) => this.#named(event) },
        h(
          'div',
          { class: 'field' },
          h('label', { for: 'topic' }, 'A topic on Kafka'),
          this.#topic,
          this.#topics,
          this.#topicHint,
        ),
        h('button', { type: 'submit', class: 'plain' }, 'Read the topic'),
      ),
    );
  }

  start() {
    this.#live.open(null, { tasks: () => {} });
    this.#listTopics();
  }

  async #listTopics() {
    try {
      const topics = await api.topics();
      fill(
        this.#topics,
        topics.map(({ topic, records }) =>
          h('option', { value: topic }, plural(records, 'record')),
        ),
      );
      setText(
        this.#topicHint,
        topics.length
          ? `Its rows are flat JSON objects. ${plural(topics.length, 'topic')} to choose from.`
          : 'Its rows are flat JSON objects. There is no topic but those of Lift yet.',
      );
    } catch (failure) {
      this.#fail(failure.message);
    }
  }

  #showDrop(name = null) {
    fill(
      this.#drop,
      icon('upload'),
      h('strong', {}, name === null ? 'Drop a CSV file here, or choose one' : data(name)),
      h(
        'span',
        { class: 'small muted' },
        name === null
          ? 'With a header line, at most 64 MiB. Press Enter or Space to choose.'
          : 'Drop or choose another to start over.',
      ),
    );
  }

  #over(event, inside) {
    if (event.dataTransfer?.types.includes('Files')) {
      event.preventDefault();
      setAttr(this.#drop, 'data-over', inside ? 'yes' : null);
    }
  }

  #dropped(event) {
    const [file] = event.dataTransfer?.files ?? [];
    if (file) {
      this.#readCsv(file);
    }
  }

  #picked() {
    const [file] = this.#file.files;
    if (file) {
      this.#readCsv(file);
      this.#file.value = ''; // the same file may be chosen again after it was mended
    }
  }

  #readCsv(file) {
    if (file.size > LARGEST) {
      this.#fail(`${visible(file.name)} is larger than 64 MiB; send it with lift produce instead.`);
      return;
    }
    this.#propose(
      () => api.proposeCsv(file),
      () => this.#showDrop(file.name),
    );
  }

  #named(event) {
    event.preventDefault();
    const topic = this.#topic.value.trim();
    if (topic === '') {
      this.#fail('Name a topic.');
      this.#topic.focus();
    } else {
      this.#propose(
        () => api.proposeTopic(topic),
        () => this.#showDrop(),
      );
    }
  }

  async #propose(request, done) {
    if (this.#busy) {
      return;
    }
    this.#busy = true;
    fill(this.#error);
    fill(this.#proposal, h('p', { class: 'loading' }, 'Reading the rows …'));
    try {
      const proposal = await request();
      done();
      const form = new ProposalForm(proposal, (task) =>
        location.assign(`#/tasks/${encodeURIComponent(task)}`),
      );
      fill(this.#proposal, form.element);
      form.focus();
      announce(
        `${plural(proposal.rows, 'row')}, ${plural(proposal.columns.length, 'column')}. Choose what to predict.`,
      );
    } catch (failure) {
      fill(this.#proposal);
      this.#fail(failure.message);
    } finally {
      this.#busy = false;
    }
  }

  #fail(sentence) {
    fill(this.#error, h('p', { class: 'notice', 'data-tone': 'bad' }, visible(sentence)));
  }
}
