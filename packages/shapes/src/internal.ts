export { cornerNormals } from './render/corner-normals.js';
export { cameraAxes } from './render/mesh-camera.js';
