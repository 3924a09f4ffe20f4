// What the trainer is doing: the running round's progress and loss, or a retraining's.
import { h, setAttr, setText, setVar } from '../dom.js';
import { count, duration, fixed, plural } from '../format.js';
import { Plot, PlotTable } from './plot.js';

export class RoundPanel {
  #badge = h('span', { class: 'badge' });
  #text = h('p', { class: 'small muted numeral' });
  #bar = h(
    'div',
    { class: 'bar', role: 'progressbar', 'aria-label': 'Steps of the round', 'aria-valuemin': '0' },
    h('i'),
  );
  #empty = h('p', { class: 'empty' });
  #plot = new Plot(
    [{ label: 'Loss', ink: '--accent', width: 2, area: true, format: (v) => fixed(v, 3) }],
    {
      height: 220,
      xFormat: count,
      yFormat: (v) => v.toFixed(2),
      yRange: (_, low, high) => (low === null || low === undefined ? [0, 1] : [0, high * 1.1 || 1]),
    },
  );
  #table = new PlotTable('Loss of the round by step', ['Step', 'Loss']);
  #chart = h('div', {}, this.#plot.element, this.#table.element);

  constructor() {
    this.element = h(
      'section',
      { class: 'panel round', 'aria-labelledby': 'round-title' },
      h('div', { class: 'panel-head' }, h('h2', { id: 'round-title' }, 'Fine-tuning'), this.#badge),
      this.#text,
      this.#bar,
      this.#empty,
      this.#chart,
    );
  }

  update({ card, round, lineage, now }) {
    const trainer = card?.trainer ?? { state: 'none' };
    const working = trainer.state === 'training' || trainer.state === 'retraining';
    setText(
      this.#badge,
      { training: 'Training', retraining: 'Retraining', idle: 'Idle', none: 'No trainer' }[
        trainer.state
      ] ?? trainer.state,
    );
    setAttr(
      this.#badge,
      'data-tone',
      { training: 'busy', retraining: 'busy', idle: 'good' }[trainer.state] ?? 'warn',
    );
    setText(this.#text, RoundPanel.#sentence(trainer, round, card, now));

    const steps = trainer.steps ?? round?.steps ?? 0;
    const step = working ? (trainer.step ?? 0) : steps;
    this.#bar.hidden = !working || steps === 0;
    setVar(this.#bar, '--share', steps ? step / steps : 0);
    setAttr(this.#bar, 'aria-valuemax', steps);
    setAttr(this.#bar, 'aria-valuenow', step);

    const points = round?.points ?? [];
    this.#chart.hidden = points.length === 0;
    this.#empty.hidden = points.length > 0;
    setText(
      this.#empty,
      lineage?.length ? 'The loss shows here during the next round.' : 'No round has run yet.',
    );
    if (points.length > 0) {
      this.#plot.show([points.map((p) => p.step), points.map((p) => p.loss)]);
      this.#table.show(() => points.map((p) => [count(p.step), fixed(p.loss, 4)]));
    }
  }

  static #sentence(trainer, round, card, now) {
    const points = round?.points ?? [];
    const loss = trainer.loss ?? points.at(-1)?.loss;
    if (trainer.state === 'training') {
      return (
        `Version ${trainer.version ?? '?'}, step ${count(trainer.step)} of ${count(trainer.steps)}` +
        (loss === undefined ? '' : `, loss ${fixed(loss, 3)}`)
      );
    }
    if (trainer.state === 'retraining') {
      return `A new, larger ensemble in spare time, step ${count(trainer.step)} of ${count(trainer.steps)}`;
    }
    if (trainer.state === 'none') {
      return 'No trainer has sent a message for 30 s. Start one with lift up; lift status shows what runs.';
    }
    const waiting = card?.waiting ?? 0;
    const last = round
      ? `Version ${round.version} ended at loss ${fixed(loss, 3)}` +
        (card?.checkpoint ? `, ${duration(now - card.checkpoint.createdAt)} ago. ` : '. ')
      : '';
    return (
      last + (waiting > 0 ? `${plural(waiting, 'row')} wait for the next round.` : 'No row waits.')
    );
  }
}
