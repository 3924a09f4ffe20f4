// A line chart: uPlot in the page's colours, as wide as its place, drawn anew when the theme changes.
import uPlot from '../../../../webjars/uplot/1.6.30/dist/uPlot.esm.js';
import { fill, h, setText } from '../dom.js';
import { colour, onTheme } from '../theme.js';

/**
 * @param series what is drawn: `{label, ink, width, dash, area, solid, format}`; `ink` is a
 *     colour variable, `area` a pale area under the line, `solid` a full one
 * @param options `{height, xFormat, yFormat, yRange, drawMarks, onCursor}`;
 *     `drawMarks(plot)` draws on top, `onCursor(plot)` is called as the cursor moves
 */
export class Plot {
  #series;
  #options;
  #plot = null;
  #data;
  #shown;
  #place = h('div', { class: 'chart-canvas', 'aria-hidden': 'true' });
  #values;
  #labels;

  constructor(series, options) {
    this.#series = series;
    this.#options = options;
    this.#data = [[], ...series.map(() => [])];
    this.#shown = this.#data.slice(1);
    this.#values = series.map(() => h('b'));
    this.#labels = series.map((line) => h('span', {}, line.label));
    this.legend = h(
      'ul',
      { class: 'legend' },
      series.map((line, i) =>
        h(
          'li',
          { class: line.dash ? 'dashed' : null, vars: { '--ink': `var(${line.ink})` } },
          this.#labels[i],
          this.#values[i],
        ),
      ),
    );
    this.element = h('div', { class: 'chart' }, this.#place);
    new ResizeObserver(() => this.#fit()).observe(this.#place);
    const end = onTheme(() => (this.element.isConnected ? this.#rebuild() : end()));
  }

  /**
   * @param data x values, then one list of y values per series, null where there is none
   * @param shown the values in the legend, one list per series; those of the data if left out
   */
  show(data, shown = data.slice(1)) {
    this.#data = data;
    this.#shown = shown;
    if (this.#plot) {
      this.#plot.setData(data);
    } else {
      this.#build();
    }
    this.#showValues(null);
  }

  /** Names a series anew. */
  rename(index, label) {
    setText(this.#labels[index], label);
  }

  #width() {
    return Math.floor(this.#place.clientWidth);
  }

  #fit() {
    const width = this.#width();
    if (!this.#plot) {
      this.#build();
    } else if (width > 0 && width !== this.#plot.width) {
      this.#plot.setSize({ width, height: this.#options.height });
    }
  }

  #rebuild() {
    this.#plot?.destroy();
    this.#plot = null;
    this.#build();
  }

  // while it has no width it is not on the page; it is built when it comes to be
  #build() {
    const width = this.#width();
    if (width > 0) {
      this.#plot = new uPlot(this.#settings(width), this.#data, this.#place);
    }
  }

  #settings(width) {
    const { height, xFormat, yFormat, yRange, drawMarks, onCursor } = this.#options;
    const font = `11.5px ${getComputedStyle(document.body).fontFamily}`;
    const axis = {
      stroke: colour('--muted'),
      font,
      ticks: { show: false },
      grid: { stroke: colour('--grid'), width: 1 },
    };
    return {
      width,
      height,
      padding: [10, 22, 0, 0],
      legend: { show: false },
      cursor: {
        y: false,
        drag: { x: false, y: false },
        points: { size: 7, width: 2, fill: colour('--surface') },
      },
      scales: { x: { time: false }, y: { range: yRange } },
      axes: [
        {
          ...axis,
          grid: { show: false },
          size: 28,
          gap: 6,
          space: 70,
          values: (_, ticks) => ticks.map(xFormat),
        },
        { ...axis, size: 52, gap: 8, space: 36, values: (_, ticks) => ticks.map(yFormat) },
      ],
      series: [{}, ...this.#series.map((line) => Plot.#line(line))],
      hooks: {
        draw: drawMarks ? [drawMarks] : [],
        setCursor: [
          (plot) => this.#showValues(plot.cursor.idx),
          ...(onCursor ? [onCursor] : []),
        ],
      },
    };
  }

  static #line({ label, ink, width = 2, dash, area, solid }) {
    const stroke = colour(ink);
    return {
      label,
      stroke,
      width,
      dash,
      fill: solid ? stroke : area ? `${stroke}1a` : undefined,
      spanGaps: true,
      points: { show: (plot) => plot.data[0].length === 1, size: 6, fill: stroke },
    };
  }

  // those under the cursor, else the newest
  #showValues(index) {
    this.#series.forEach((line, i) => {
      const values = this.#shown[i];
      const value = values[index ?? values.length - 1];
      setText(this.#values[i], value === null || value === undefined ? '' : line.format(value));
    });
  }
}

/** The points of a chart as a table, for those who cannot see it; made when it is opened. */
export class PlotTable {
  #body = h('tbody');
  #rows = () => [];

  constructor(summary, heads) {
    this.element = h(
      'details',
      { class: 'as-table', ontoggle: () => this.#show() },
      h('summary', {}, 'Show as a table'),
      h(
        'div',
        { class: 'scroll tall', tabindex: '0', role: 'region', 'aria-label': summary },
        h(
          'table',
          {},
          h(
            'thead',
            {},
            h(
              'tr',
              {},
              heads.map((head) => h('th', { scope: 'col', class: 'number' }, head)),
            ),
          ),
          this.#body,
        ),
      ),
    );
  }

  /** @param rows called for lists of texts, when they are to be seen */
  show(rows) {
    this.#rows = rows;
    this.#show();
  }

  #show() {
    if (this.element.open) {
      fill(
        this.#body,
        this.#rows().map((row) =>
          h(
            'tr',
            {},
            row.map((cell) => h('td', { class: 'number' }, cell)),
          ),
        ),
      );
    }
  }
}
