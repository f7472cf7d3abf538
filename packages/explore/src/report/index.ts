export { chartSvg } from './chart-svg.js';
export { renderReport, type RenderReportOptions } from './render-report.js';
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
} from './report-data.js';
