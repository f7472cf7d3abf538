import { BarChart, LineChart, ScatterChart } from 'echarts/charts';
import { GridComponent, LegendComponent, MarkLineComponent, TitleComponent } from 'echarts/components';
import { init, use } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';

/** A chart of ECharts that is drawn without a browser. */
interface SvgChart {
  setOption(option: object): void;
  renderToSVGString(): string;
  dispose(): void;
}

/**
 * Starts a chart with the parts of ECharts that ours use. The built package holds this file with these parts in it: ECharts and its renderer
 * as they are would be 68 MB to install.
 */
export function startChart(width: number, height: number): SvgChart {
  use([BarChart, LineChart, ScatterChart, GridComponent, LegendComponent, MarkLineComponent, TitleComponent, SVGRenderer]);
  return init(null, null, { renderer: 'svg', ssr: true, width, height });
}
