import type { Table, Target, Wanted } from '../report/report.ts';
import { ratioOf, spreadOf } from '../report/rounds.ts';
import type { Spread } from '../report/spread.ts';
import { type Axis, linearAxis, ratioAxis } from './axis.ts';
import { element, text } from './svg.ts';

/** Pixels from a row to the next. */
export const rowHeight = 22;
/** Pixels above the first row, for the heading. */
export const headHeight = 24;
/** Pixels below the last row, for the axis. */
export const axisHeight = 22;

/** Pixels for the median as a number, beside the marks. */
const numberWidth = 68;

/** A figure of a table, to be drawn: a mark a row. */
export interface Panel {
  readonly heading: string;
  readonly marks: readonly Mark[];
  readonly axis: Axis;
  /** The value of the contestant that the others are compared with. */
  readonly peer: number;
}

interface Mark {
  readonly spread: Spread;
  readonly label: string;
  readonly limit: number | undefined;
}

/** Prepares the panels of a table: of values, where it says so, else of ratios. */
export function panelsOf(table: Table, targets: readonly Target[]): readonly Panel[] {
  const figures = table.plotted ?? Object.keys(table.figures);
  return figures.map((figure) =>
    table.plotted ? values(table, figure, targets) : ratios(table, figure, targets),
  );
}

function ratios(table: Table, figure: string, targets: readonly Target[]): Panel {
  const { measured, runs, against: to, figures } = table;
  const marks = [...measured.keys()].map((of): Mark => {
    const spread = ratioOf(measured, figure, { of, to }, runs);
    const limit = limitOf(targets, table, of, figure);
    return { spread, limit, label: `${spread.median.toFixed(2)} x` };
  });
  const heading = `${figures[figure]?.heading ?? figure} (ratio)`;
  return { heading, marks, axis: ratioAxis([...drawn(marks), 1]), peer: 1 };
}

function values(table: Table, figure: string, targets: readonly Target[]): Panel {
  const { measured, runs, against, figures } = table;
  const { heading, digits } = figures[figure] ?? { heading: figure, digits: 0 };
  const peer = spreadOf(measured, against, figure, runs).median;
  const marks = [...measured.keys()].map((name): Mark => {
    const spread = spreadOf(measured, name, figure, runs);
    const ratio = limitOf(targets, table, name, figure);
    const limit = ratio === undefined ? undefined : ratio * peer;
    return { spread, limit, label: spread.median.toFixed(digits) };
  });
  return { heading, marks, axis: linearAxis([...drawn(marks), peer]), peer };
}

/** All that has a place on the axis. */
const drawn = (marks: readonly Mark[]): readonly number[] =>
  marks.flatMap(({ spread, limit }) => [spread.low, spread.high, limit ?? spread.high]);

function limitOf(
  targets: readonly Target[],
  { title }: Table,
  row: string,
  figure: string,
): number | undefined {
  const found = targets.find(
    ({ place }) =>
      place?.table === title && place.row === row && place.figure === figure && !place.to,
  );
  return found && limit(found.wanted);
}

const limit = (wanted: Wanted): number => ('atMost' in wanted ? wanted.atMost : wanted.atLeast);

/** Draws a panel, so many pixels wide, with the place of its upper left corner. */
export function drawPanel(panel: Panel, width: number, [x, y]: readonly [number, number]): string {
  const { heading, marks, axis } = panel;
  const across = (value: number) => axis.place(value) * (width - numberWidth);
  const height = headHeight + marks.length * rowHeight;
  return element(
    'g',
    { transform: `translate(${x} ${y})` },
    text(heading, { y: 12, class: 'heading' }),
    ...axis.ticks.map((tick) => gridLine(tick, across(tick), height)),
    verticalLine('peer', across(panel.peer), [headHeight - 4, height]),
    ...marks.map((mark, row) => drawMark(mark, across, headHeight + (row + 0.5) * rowHeight)),
    ...marks.map(({ label }, row) =>
      text(label, { x: width - 12, y: headHeight + (row + 0.5) * rowHeight + 4, class: 'number' }),
    ),
  );
}

const gridLine = (tick: number, x: number, height: number): string =>
  verticalLine('grid', x, [headHeight - 4, height]) +
  text(String(Number(tick.toPrecision(3))), { x, y: height + 14, class: 'tick' });

/** The interval, the median, and the limit of its target. */
function drawMark({ spread, limit }: Mark, across: (value: number) => number, y: number): string {
  const [low, high] = [across(spread.low), across(spread.high)];
  const line = element('line', { x1: low, x2: high, y1: y, y2: y, class: 'spread' });
  const ends = [low, high].map((x) => verticalLine('spread', x, [y - 4, y + 4]));
  const median = element('circle', { cx: across(spread.median), cy: y, r: 4, class: 'median' });
  const wanted = limit === undefined ? '' : verticalLine('target', across(limit), [y - 9, y + 9]);
  return [line, ...ends, wanted, median].join('');
}

/** A vertical line of a class, from one height to another. */
export const verticalLine = (name: string, x: number, [y1, y2]: readonly [number, number]) =>
  element('line', { x1: x, x2: x, y1, y2, class: name });
