import '../element/define.js';
import { keepPage } from './keep-page.js';

// The page of its own, index.html. A page of somebody else's, with the element in it, is not the explorer's to keep.
// Once the space is there: what the visitor waits for comes first.
document.querySelector('netspace-explorer')?.addEventListener('netspace-ready', () => void keepPage(), { once: true });
