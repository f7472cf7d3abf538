export { bandSeries } from './charts/band-series.js';
export { chartSvg, type ChartSvgOptions } from './charts/chart-svg.js';
export { contactSheet, type ContactSheetOptions } from './figures/contact-sheet.js';
export { encodePng } from './figures/encode-png.js';
export { prepPicture, type PRepPictureOptions } from './figures/prep-picture.js';
export { type MarkdownPicture, type MarkdownReport, renderMarkdown } from './page/render-markdown.js';
export { renderReport, type RenderReportOptions } from './page/render-report.js';
export type {
  BarChart,
  ChartAxis,
  ChartFigure,
  Headline,
  HeatmapFigure,
  MeshesFigure,
  PicturesFigure,
  ReportData,
  ReportFigure,
  ReportSection,
  TableFigure,
  ValueFormat,
  XyChart,
  XySeries,
} from './page/report-data.js';
