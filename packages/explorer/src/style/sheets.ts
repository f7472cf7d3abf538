import app from './app.css?inline';
import controls from './controls.css?inline';
import map from './map.css?inline';
import panel from './panel.css?inline';
import theme from './theme.css?inline';

let made: CSSStyleSheet[] | undefined;

/** The page's styles, made once and shared by all elements. Adopted, so that a strict content policy allows them. */
export function sheets(): CSSStyleSheet[] {
  made ??= [theme, app, controls, map, panel].map((text) => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(text);
    return sheet;
  });
  return made;
}
