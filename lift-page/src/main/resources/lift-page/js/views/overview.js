// All tasks, one card each.
import { mayChange } from '../caller.js';
import { data, fill, h, keyed, setAttr, setText, setVar, visible } from '../dom.js';
import { count, duration, metric } from '../format.js';
import { ActionsPanel } from '../parts/actions.js';

/** What is going on with a task, in two words, with a tone. */
export function stateOf(card) {
  if (card.upload?.state === 'failed') {
    return ['Sending failed', 'bad'];
  }
  if (card.upload?.state === 'sending') {
    return [
      `Sending rows, ${Math.round((100 * card.upload.sent) / Math.max(1, card.upload.total))} %`,
      'busy',
    ];
  }
  if (card.trainer?.state === 'training') {
    return ['Training', 'busy'];
  }
  if (card.trainer?.state === 'retraining') {
    return ['Retraining', 'busy'];
  }
  if (!card.trainer || card.trainer.state === 'none') {
    return ['No trainer', 'warn'];
  }
  return card.rows ? ['Idle', 'good'] : ['Waiting for rows', null];
}

export class OverviewView {
  #live;
  #cards = h('ul', { class: 'cards' });
  #place = h('div');
  #actions = new ActionsPanel();
  element = h(
    'div',
    {},
    h(
      'div',
      { class: 'view-head' },
      h(
        'div',
        {},
        h('h1', { tabindex: '-1' }, 'Tasks'),
        h('p', { class: 'muted' }, 'What every task has learned, as it learns.'),
      ),
      mayChange() ? h('a', { href: '#/new', role: 'button', class: 'new-task' }, 'New task') : null,
    ),
    this.#place,
    this.#actions.element,
  );
  title = 'Tasks';

  constructor(live) {
    this.#live = live;
    fill(this.#place, h('p', { class: 'loading' }, 'Loading …'));
  }

  start() {
    this.#live.open(null, {
      tasks: (message) => this.#show(message),
      actions: (actions) => this.#actions.show(actions),
    });
  }

  #show({ tasks, ready }) {
    if (tasks.length > 0) {
      if (this.#cards.parentNode !== this.#place) {
        fill(this.#place, this.#cards);
      }
      keyed(
        this.#cards,
        tasks,
        (card) => card.task,
        () => create(),
        (item, card) => item.liftUpdate(card, this.#live.now()),
      );
    } else if (ready === false) {
      fill(
        this.#place,
        h('p', { class: 'loading' }, 'The service is still reading what is on Kafka …'),
      );
    } else {
      fill(this.#place, nothing());
    }
  }
}

function nothing() {
  return h(
    'div',
    { class: 'panel empty welcome' },
    h('strong', {}, 'No task yet'),
    h(
      'p',
      {},
      'A task says which column of a table to predict. Make one out of a CSV file or a topic:',
    ),
    mayChange() ? h('a', { href: '#/new', role: 'button' }, 'New task') : null,
    h('p', {}, mayChange() ? 'or from a terminal:' : 'Somebody with the role operator can do it, or from a terminal:'),
    h('code', {}, 'lift task create loans --from docs/example/loans.csv --target group'),
  );
}

function create() {
  const name = h('bdi', { class: 'data card-name' });
  const badge = h('span', { class: 'badge' });
  const about = h('p', { class: 'muted small' });
  const score = h('span', { class: 'card-score numeral' });
  const beside = h('span', { class: 'muted small numeral' });
  const bar = h('div', { class: 'bar' }, h('i'), h('b'));
  const rows = h('dd');
  const waiting = h('dd');
  const version = h('dd');
  const dead = h('dd');
  const link = h('a', { class: 'card-link' }, name);
  const item = h(
    'li',
    { class: 'panel card' },
    h('div', { class: 'card-head' }, h('h2', {}, link), badge),
    about,
    h('div', { class: 'card-metrics' }, score, beside),
    bar,
    h(
      'dl',
      { class: 'card-facts numeral' },
      [
        ['Rows in', rows],
        ['Waiting', waiting],
        ['Checkpoint', version],
        ['Dead letters', dead],
      ].map(([term, value]) => h('div', {}, h('dt', {}, term), value)),
    ),
  );
  item.liftUpdate = (card, now) => {
    setText(name, visible(card.task));
    setAttr(link, 'href', `#/tasks/${encodeURIComponent(card.task)}`);
    const [state, tone] = stateOf(card);
    setText(badge, state);
    setAttr(badge, 'data-tone', tone);
    setText(about, `Predicts ${visible(card.target)} from ${count(card.features)} columns`);
    const headline = card.headline;
    const main = metric(headline?.metric ?? 'accuracy');
    bar.hidden = !headline;
    if (headline) {
      setText(score, main.format(headline.rolling));
      setText(
        beside,
        `${main.name}, ${headline.baseline === 'majority' ? 'majority class' : 'always the mean'} ${main.format(headline.rollingBaseline)}`,
      );
      const top = Math.max(1, headline.rolling, headline.rollingBaseline);
      setVar(bar, '--share', headline.rolling / top);
      setVar(bar, '--mark', headline.rollingBaseline / top);
    } else {
      setText(score, '–');
      setText(beside, 'nothing scored yet');
    }
    setText(rows, count(card.rows));
    setText(waiting, count(card.waiting));
    setText(
      version,
      card.checkpoint
        ? `v${card.checkpoint.version}, ${duration(now - card.checkpoint.createdAt)}`
        : 'none',
    );
    setText(dead, count(card.deadLetters));
    setAttr(dead, 'class', card.deadLetters ? 'wrong' : null);
  };
  return item;
}
