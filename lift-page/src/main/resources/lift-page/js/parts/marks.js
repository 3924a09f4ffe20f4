// Events of a task as marks on a chart over scored rows, with a sentence under the cursor.
import { fill, h, visible } from '../dom.js';
import { count, time } from '../format.js';
import { colour } from '../theme.js';

const KINDS = {
  drift: { word: 'Drift', ink: '--warn' },
  shortened: { word: 'Drift', ink: '--warn' },
  retrained: { word: 'Retrained', ink: '--second' },
  'rolled-back': { word: 'Rolled back', ink: '--bad' },
  unsent: { word: 'Not sent', ink: '--bad' },
  action: { word: 'Action', ink: '--muted' },
};
const NEAR = 10;

/** What a kind of event is called. */
export const kindOf = (event) => KINDS[event.kind] ?? { word: visible(event.kind), ink: '--third' };

/** How many rows had been scored when something happened: between the points around its time. */
function scoredAt(points, at) {
  const next = points.findIndex((point) => point.at >= at);
  if (next <= 0) {
    return next === 0 ? points[0].scored : (points.at(-1)?.scored ?? 0);
  }
  const before = points[next - 1];
  const after = points[next];
  const share = after.at > before.at ? (at - before.at) / (after.at - before.at) : 1;
  return before.scored + share * (after.scored - before.scored);
}

/** One mark for the events at one place, oldest first. Drifts from before the events are marks too. */
export function marksOf({ charts, events = [] }) {
  const points = charts?.history ?? [];
  const known = new Set(events.filter((e) => e.kind === 'drift').map((e) => e.scored));
  const drifts = (charts?.drifts ?? [])
    .filter((drift) => !known.has(drift.scored))
    .map((drift) => ({ kind: 'drift', ...drift, text: 'The error rose.' }));
  const marks = new Map();
  // what somebody did shows in what follows from it
  for (const event of [...drifts, ...events.filter((e) => e.kind !== 'action')]) {
    const x = event.scored ?? scoredAt(points, event.at);
    const { word, ink } = kindOf(event);
    const key = `${word} ${Math.round(x)}`;
    const mark = marks.get(key) ?? { x, word, ink, events: [] };
    mark.events.push(event);
    marks.set(key, mark);
  }
  return [...marks.values()].sort((a, b) => a.x - b.x);
}

export class Marks {
  #marks = [];
  #tip = h('div', { class: 'chart-tip', role: 'status', hidden: true });

  /** The sentence under the cursor; belongs into the chart's element. */
  get element() {
    return this.#tip;
  }

  show(marks) {
    this.#marks = marks;
  }

  /** Draws a dashed line with its word for each mark; words that would touch go a line down. */
  draw(plot) {
    const { ctx, bbox } = plot;
    const scale = devicePixelRatio;
    const right = bbox.left + bbox.width;
    const ends = []; // of the words in each line
    ctx.save();
    ctx.textAlign = 'left';
    ctx.textBaseline = 'alphabetic';
    ctx.lineJoin = 'round';
    ctx.font = `600 ${11 * scale}px ${getComputedStyle(document.body).fontFamily}`;
    const surface = colour('--surface');
    for (const { x: value, word, ink } of this.#marks) {
      const x = plot.valToPos(value, 'x', true);
      if (x < bbox.left || x > right) {
        continue;
      }
      ctx.fillStyle = colour(ink);
      ctx.beginPath();
      ctx.moveTo(x, bbox.top);
      ctx.lineTo(x, bbox.top + bbox.height);
      for (const [style, width, dash] of [
        [surface, 3.5, []], // lines and words are legible on coloured areas too
        [ctx.fillStyle, 1.5, [3 * scale, 3 * scale]],
      ]) {
        ctx.strokeStyle = style;
        ctx.lineWidth = width * scale;
        ctx.setLineDash(dash);
        ctx.stroke();
      }
      const width = ctx.measureText(word).width;
      const begin = x + 5 * scale + width < right ? x + 5 * scale : x - 5 * scale - width;
      let line = ends.findIndex((end) => end < begin - 4 * scale);
      line = line < 0 ? ends.length : line;
      ends[line] = begin + width;
      if (line < 4) {
        const y = bbox.top + (11 + 13 * line) * scale;
        ctx.setLineDash([]);
        ctx.strokeStyle = surface;
        ctx.lineWidth = 4 * scale;
        ctx.strokeText(word, begin, y);
        ctx.fillText(word, begin, y);
      }
    }
    ctx.restore();
  }

  /** Shows what happened at the mark under the cursor. */
  hover(plot) {
    const { left } = plot.cursor;
    const near =
      left >= 0
        ? this.#marks
            .map((mark) => ({ mark, distance: Math.abs(plot.valToPos(mark.x, 'x') - left) }))
            .filter(({ distance }) => distance <= NEAR)
            .sort((a, b) => a.distance - b.distance)[0]?.mark
        : undefined;
    this.#tip.hidden = !near;
    if (near) {
      fill(
        this.#tip,
        h('strong', {}, `${near.word} at row ${count(Math.round(near.x))}, ${time(near.events[0].at)}`),
        near.events.map((event) => h('span', {}, visible(event.text))),
      );
      this.#tip.dataset.side = left > plot.bbox.width / devicePixelRatio / 2 ? 'left' : 'right';
    }
  }
}
