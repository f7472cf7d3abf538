/** Pictures without charts: the part of this package for pages that draw no report. */
export { contactSheet, type ContactSheetOptions } from './figures/contact-sheet.js';
export { encodePng } from './figures/encode-png.js';
export { prepPicture, type PRepPictureOptions } from './figures/prep-picture.js';
