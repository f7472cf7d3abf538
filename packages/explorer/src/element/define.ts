import { NetSpaceExplorer } from './element.js';

// Two copies of the script on one page must not fight over the name.
if (customElements.get('netspace-explorer') === undefined) customElements.define('netspace-explorer', NetSpaceExplorer);
