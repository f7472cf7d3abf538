export { FOLDER_LIMITS } from './folder/limits.js';
export { type ExplorerManifest, MANIFEST_NAME, type MappedNetwork, readExplorerManifest } from './folder/manifest.js';
export { CONTENT_POLICY } from './policy/content-policy.js';
