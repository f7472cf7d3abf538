/** Pictures without charts: what of this package a page needs that draws no report. */
export { contactSheet, type ContactSheetOptions } from './figures/contact-sheet.js';
export { encodePng } from './figures/encode-png.js';
export { prepPicture, type PRepPictureOptions } from './figures/prep-picture.js';
