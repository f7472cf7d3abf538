export { rgb } from './option-kinds.js';
export { MESH_PLACEMENTS } from './read/read-mesh-options.js';
export { cornerNormals } from './render/corner-normals.js';
export { cameraAxes } from './render/mesh-camera.js';
export { seatMeshesOptions } from './seat/seat-meshes.js';
