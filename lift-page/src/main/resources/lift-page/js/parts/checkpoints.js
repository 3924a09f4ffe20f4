// The lineage of checkpoints: origin, rows and score of each, and the rollback to it.
import * as api from '../api.js';
import { NEEDS_OPERATOR, mayChange } from '../caller.js';
import { fill, h, icon, setText, visible } from '../dom.js';
import { bytes, count, dateTime, duration, fixed, metric } from '../format.js';
import { confirm } from './dialog.js';

export class CheckpointsPanel {
  #task;
  #score;
  #list = h('ol', { class: 'lineage' });
  #empty = h('div', { class: 'empty' });
  #notice = h('div', { role: 'status' });
  #shown = '';
  #request = { version: null, state: null };
  #requested = null;
  #pending = false;
  #lineage = [];
  #ages = [];

  constructor(spec) {
    this.#task = spec.name;
    this.#score = spec.type === 'regression' ? 'rae' : 'accuracy';
    this.element = h(
      'section',
      { class: 'panel', 'aria-labelledby': 'lineage-title' },
      h(
        'div',
        { class: 'panel-head' },
        h('h2', { id: 'lineage-title' }, 'Checkpoints'),
        h('span', { class: 'small muted' }, 'Newest first'),
      ),
      this.#notice,
      this.#empty,
      this.#list,
    );
  }

  update({ lineage, card, now }) {
    const state = JSON.stringify(lineage ?? []);
    if (state !== this.#shown) {
      this.#shown = state;
      this.#lineage = lineage ?? [];
      this.#ages = [];
      this.#empty.hidden = this.#lineage.length > 0;
      fill(
        this.#empty,
        h(
          'span',
          {},
          'No checkpoint yet: the first comes after the first round of fine-tuning. Rows start it:',
        ),
        h('code', {}, `lift produce FILE.csv --task ${this.#task}`),
      );
      fill(
        this.#list,
        this.#lineage.map((entry) => this.#item(entry)),
      );
    }
    this.#showRequest(card.rollback ?? null);
    this.#ages.forEach(([element, at]) => setText(element, `${duration(now - at)} ago`));
  }

  #item(entry) {
    const score = metric(this.#score);
    const age = h('time', { title: dateTime(entry.createdAt), class: 'muted numeral' });
    this.#ages.push([age, entry.createdAt]);
    const ranges = Object.entries(entry.ranges ?? {});
    return h(
      'li',
      { class: entry.current ? 'version current' : 'version', 'data-version': entry.version },
      h(
        'div',
        { class: 'version-head' },
        h('strong', { class: 'numeral' }, `v${entry.version}`),
        entry.current ? h('span', { class: 'badge', 'data-tone': 'good' }, 'Answers now') : null,
        entry.restored === undefined
          ? null
          : h('span', { class: 'badge', 'data-tone': 'warn' }, `weights of v${entry.restored}`),
        entry.metrics?.retrained
          ? h('span', { class: 'badge', 'data-tone': 'good' }, 'new ensemble')
          : null,
        h(
          'span',
          { class: 'muted numeral' },
          entry.parent === 0 ? 'from the base model' : `from v${entry.parent}`,
        ),
        age,
        entry.canRestore
          ? h(
              'button',
              {
                type: 'button',
                class: 'plain small',
                onclick: () => this.#rollBack(entry),
                'aria-label': `Roll back to version ${entry.version}`,
                disabled: !mayChange(),
                title: mayChange() ? null : NEEDS_OPERATOR,
              },
              icon('back'),
              ' Roll back',
            )
          : null,
      ),
      h(
        'dl',
        { class: 'version-facts numeral' },
        fact('New rows', count(entry.newRows)),
        fact('Rows in all', count(entry.rows)),
        fact('Loss', fixed(entry.metrics?.loss, 3)),
        fact(
          `${score.name} of its answers`,
          entry.scored?.count
            ? `${score.format(entry.scored[this.#score])} of ${count(entry.scored.count)}`
            : '–',
        ),
        fact('Steps', `${count(entry.metrics?.steps)} in ${fixed(entry.metrics?.seconds, 1)} s`),
        fact(
          'Offsets learned',
          ranges.length
            ? ranges
                .map(([partition, { from, to }]) => `p${partition}: ${count(from)} to ${count(to)}`)
                .join(', ')
            : 'none',
        ),
        fact('File', `${bytes(entry.size)}, ${String(entry.sha256 ?? '').slice(0, 8)}`),
      ),
    );
  }

  async #rollBack(entry) {
    const current = this.#lineage.find((other) => other.current);
    const agreed = await confirm(
      `Roll back to version ${entry.version}?`,
      [
        `The weights of version ${entry.version} are published as the next version and answer from then on` +
          (current ? `, instead of version ${current.version}.` : '.'),
        `Nothing is deleted: version ${current?.version ?? entry.version} stays in the list.`,
      ],
      'Roll back',
    );
    if (!agreed) {
      return;
    }
    this.#pending = true;
    this.#say(null, `Requesting version ${entry.version} from the trainer …`);
    try {
      const done = await api.rollBack(this.#task, entry.version);
      if (done.state === 'done') {
        this.#requested = entry.version;
        this.#say(
          'good',
          `Rolled back: version ${done.checkpoint.version} has the weights of version ${entry.version}.`,
        );
      } else {
        this.#say(
          'warn',
          'No trainer has answered yet. The request stays until one can carry it out.',
        );
      }
    } catch (failure) {
      this.#say('bad', failure.message);
    } finally {
      this.#pending = false;
    }
  }

  // Requests of others and earlier ones. The page follows its own request by itself, because events
  // about that may be older than the answer.
  #showRequest(rollback) {
    const version = rollback?.version ?? null;
    const state = rollback?.state ?? null;
    if (version === null) {
      this.#requested = null;
    }
    if (this.#pending || (version !== null && version === this.#requested)) {
      return;
    }
    const before = this.#request;
    this.#request = { version, state };
    if (before.version === version && before.state === state) {
      return;
    }
    if (state === 'failed') {
      this.#say('bad', rollback.error ?? 'The roll-back failed.');
    } else if (state === 'waiting') {
      this.#say('warn', `Version ${version} is restored as soon as a trainer can do it.`);
    } else {
      this.#say('good', `Version ${before.version} is back, as the newest one.`);
    }
  }

  #say(tone, text) {
    fill(this.#notice, h('p', { class: 'notice', 'data-tone': tone }, visible(text)));
  }
}

const fact = (name, value) => h('div', {}, h('dt', {}, name), h('dd', {}, value));
