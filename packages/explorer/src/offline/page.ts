import '../element/define.js';
import { keepPage } from './keep-page.js';

// The page of its own, index.html. A page of somebody else's, with the element in it, is not the explorer's to keep.
// Once the space is there: what the visitor waits for comes first.
document.querySelector('netspace-explorer')?.addEventListener(
  'netspace-ready',
  (event) => {
    const title: unknown = event instanceof CustomEvent ? (event.detail as { readonly title?: unknown } | null)?.title : undefined;
    if (typeof title === 'string' && title !== '') document.title = `${title} · NetSpace explorer`;
    void keepPage();
  },
  { once: true },
);
