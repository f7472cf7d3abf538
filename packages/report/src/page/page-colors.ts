/** Colors of a light page and its charts, by role. */
export const LIGHT: Readonly<Record<string, string>> = {
  page: '#f6f7f9',
  surface: '#ffffff',
  text: '#1c2330',
  muted: '#5b6575',
  border: '#e2e6ec',
  grid: '#e9ecf1',
  axis: '#a9b2c0',
  accent: '#2b6cdf',
  'on-series': '#ffffff',
  'series-1': '#2b6cdf',
  'series-2': '#d9480f',
  'series-3': '#23863c',
  'series-4': '#9036ad',
  'series-5': '#a97900',
  'series-6': '#0b7c8e',
  good: '#1d7a35',
  fair: '#8a6100',
  poor: '#c2340a',
};

/** Colors of a dark page and its charts, by role. */
export const DARK: Readonly<Record<string, string>> = {
  page: '#12151b',
  surface: '#1b2029',
  text: '#e8ebf0',
  muted: '#9aa5b5',
  border: '#2c3340',
  grid: '#2a313d',
  axis: '#56606f',
  accent: '#7db0ff',
  'on-series': '#10131a',
  'series-1': '#6ea6ff',
  'series-2': '#ff9b54',
  'series-3': '#62cf7c',
  'series-4': '#d590ec',
  'series-5': '#f0c447',
  'series-6': '#45c8db',
  good: '#62cf7c',
  fair: '#f0c447',
  poor: '#ff9b54',
};

/** As CSS declarations: `--page: #f6f7f9; …`. */
export const customProperties = (colors: Readonly<Record<string, string>>): string =>
  Object.entries(colors)
    .map(([role, color]) => `--${role}: ${color};`)
    .join(' ');
