const PATHS = {
  cursor: 'M8 1v4M8 11v4M1 8h4M11 8h4M8 8h.01',
  pan: 'M8 1.5v13M1.5 8h13M6 3.5l2-2 2 2M6 12.5l2 2 2-2M3.5 6l-2 2 2 2M12.5 6l2 2-2 2',
  lasso: 'M8 2.5c3.6 0 6 1.7 6 4s-2.4 4-6 4-6-1.7-6-4 2.4-4 6-4M5 10.3c-.8.9-.6 2.2.6 2.4 1 .2 1.4.8 1.2 1.8',
  plus: 'M8 3v10M3 8h10',
  minus: 'M3 8h10',
  fit: 'M2 6V2h4M14 6V2h-4M2 10v4h4M14 10v4h-4',
  undo: 'M6 3L3 6l3 3M3 6h6.5a3.5 3.5 0 010 7H7',
  redo: 'M10 3l3 3-3 3M13 6H6.5a3.5 3.5 0 000 7H9',
  link: 'M6.5 9.5l3-3M7 4.5l1.3-1.3a3 3 0 014.3 4.3L11.3 9M9 11.5l-1.3 1.3a3 3 0 01-4.3-4.3L4.7 7',
  help: 'M5.8 6a2.3 2.3 0 114.2 1.3c-.8.8-2 1.2-2 2.4M8 12.5h.01',
  settings: 'M2 4.5h7M12 4.5h2M2 11.5h2M7 11.5h7M9 4.5a1.5 1.5 0 103 0 1.5 1.5 0 10-3 0M4 11.5a1.5 1.5 0 103 0 1.5 1.5 0 10-3 0',
  search: 'M7 2.5a4.5 4.5 0 110 9 4.5 4.5 0 010-9M10.5 10.5L14 14',
  play: 'M4.5 2.5l8.5 5.5-8.5 5.5z',
  pause: 'M5 3v10M11 3v10',
  close: 'M3.5 3.5l9 9M12.5 3.5l-9 9',
  path: 'M2 13c2-7 5 1 7-4s3-6 5-6',
} as const;

export type IconName = keyof typeof PATHS;

export const Icon = ({ name }: { readonly name: IconName }) => (
  <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
    <path d={PATHS[name]} />
  </svg>
);
