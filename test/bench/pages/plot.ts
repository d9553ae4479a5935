import type { RecordedReport, Table } from '../report/report.ts';
import {
  axisHeight,
  drawPanel,
  headHeight,
  type Panel,
  panelsOf,
  rowHeight,
  verticalLine,
} from './panel.ts';
import { element, escaped, text } from './svg.ts';

/** Pixels. */
const width = 900;
const margin = 16;
const titleHeight = 42;
const legendHeight = 44;

/** What a letter of a row's name is wide at most, on average, in pixels. */
const letterWidth = 7;

/** The background is part of the image: the colours follow the reader's system, and the page around it may not. */
const style = `
text { font: 12px system-ui, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328; }
.background { fill: #ffffff; }
.title { font-size: 14px; font-weight: 600; }
.note, .tick, .heading { fill: #59636e; }
.tick { font-size: 10px; text-anchor: middle; }
.row, .number { text-anchor: end; }
.grid { stroke: #d1d9e0; }
.peer { stroke: #59636e; stroke-dasharray: 3 3; }
.spread { stroke: #0969da; stroke-width: 1.5; }
.median { fill: #0969da; }
.target { stroke: #bc4c00; stroke-width: 3; }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc; }
  .background { fill: #0d1117; }
  .note, .tick, .heading { fill: #9198a1; }
  .grid { stroke: #3d444d; }
  .peer { stroke: #9198a1; }
  .spread { stroke: #4493f8; }
  .median { fill: #4493f8; }
  .target { stroke: #f0883e; }
}
`;

/** A table with its panels, which share its rows. */
interface Drawing {
  readonly table: Table;
  readonly panels: readonly Panel[];
  readonly height: number;
}

/** Draws a report as an SVG image: each figure of each table, a mark a row. */
export function plot(name: string, { tables, targets }: RecordedReport): string {
  const drawings = tables.map((table) => ({
    table,
    panels: panelsOf(table, targets),
    height: titleHeight + headHeight + table.measured.size * rowHeight + axisHeight,
  }));
  const height = drawings.reduce((sum, drawing) => sum + drawing.height, legendHeight + margin);
  const names = tables.flatMap(({ measured }) => [...measured.keys()]);
  const labelWidth = Math.max(...names.map(({ length }) => length)) * letterWidth;
  const size = { width, height, viewBox: `0 0 ${width} ${height}` };
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${size.viewBox}" role="img">`,
    element('title', {}, escaped(`npm run bench -- ${name}`)),
    element('style', {}, style),
    element('rect', { width, height, class: 'background' }),
    legend(targets.some(({ place }) => place && !place.to)),
    ...below(drawings, legendHeight).map(([drawing, y]) => drawTable(drawing, y, labelWidth)),
    '</svg>',
  ].join('\n')}\n`;
}

/** Each drawing with the height at which it begins. */
function below(
  drawings: readonly Drawing[],
  from: number,
): readonly (readonly [Drawing, number])[] {
  let y = from;
  return drawings.map((drawing) => {
    const at = y;
    y += drawing.height;
    return [drawing, at];
  });
}

function drawTable({ table, panels }: Drawing, y: number, labelWidth: number): string {
  const left = margin + labelWidth + 12;
  const panelWidth = (width - left) / panels.length;
  const top = y + titleHeight;
  const rowAt = (row: number) => top + headHeight + (row + 0.5) * rowHeight + 4;
  return [
    text(table.title, { x: margin, y: y + 20, class: 'title' }),
    text(`dashed: ${table.against}`, { x: margin, y: y + 38, class: 'note' }),
    ...[...table.measured.keys()].map((name, row) =>
      text(name, { x: margin + labelWidth, y: rowAt(row), class: 'row' }),
    ),
    ...panels.map((panel, index) => drawPanel(panel, panelWidth, [left + index * panelWidth, top])),
  ].join('\n');
}

/** What the marks mean. */
function legend(withTargets: boolean): string {
  const y = 20;
  return [
    element('line', { x1: margin, x2: margin + 40, y1: y, y2: y, class: 'spread' }),
    element('circle', { cx: margin + 20, cy: y, r: 4, class: 'median' }),
    text('median, with the interval of its report', { x: 66, y: y + 4, class: 'note' }),
    verticalLine('peer', 380, [y - 9, y + 9]),
    text('what the others are compared with', { x: 390, y: y + 4, class: 'note' }),
    ...(withTargets ? [verticalLine('target', 610, [y - 9, y + 9])] : []),
    ...(withTargets ? [text('target', { x: 620, y: y + 4, class: 'note' })] : []),
  ].join('\n');
}
