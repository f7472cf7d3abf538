import { itRefusesMisspelt } from '@netspace/testing/option-refusals';
import { expect, it } from 'vitest';

import { sampleSdfOptions } from './distance/sample-sdf.js';
import { solidOptions } from './distance/signed-distances.js';
import * as shapes from './index.js';
import { evaluateSdfOptions } from './measure/evaluate-sdf.js';
import { occupancyIouOptions } from './measure/occupancy-iou.js';
import { boxMeshOptions, sphereMeshOptions } from './mesh/shape-meshes.js';
import { renderMeshOptions } from './render/render-mesh.js';
import { randomSeatOptions } from './seat/random-seat.js';
import { seatDesignOptions } from './seat/seat-design.js';
import { seatMeshesOptions } from './seat/seat-meshes.js';
import { extractMeshOptions } from './surface/extract-mesh.js';

const box = shapes.boxMesh();
const field = (points: Float32Array) => new Float32Array(points.length / 3);
const samples = { points: new Float32Array(3), distances: new Float32Array(1) };
const bytes = new Uint8Array();
const keys = ({ entries }: { readonly entries: object }): string[] => Object.keys(entries);
const reader = ['name', 'placement', 'limits'];
const limits = Object.keys(shapes.MESH_LIMITS);

itRefusesMisspelt(
  shapes,
  {
    boxMesh: [keys(boxMeshOptions), shapes.boxMesh],
    sphereMesh: [keys(sphereMeshOptions), shapes.sphereMesh],
    sampleSdf: [keys(sampleSdfOptions), (o) => shapes.sampleSdf(box, o)],
    signedDistances: [keys(solidOptions), (o) => shapes.signedDistances(box, new Float32Array(3), o)],
    evaluateSdf: [keys(evaluateSdfOptions), (o) => shapes.evaluateSdf(field, new Float32Array(3), o)],
    occupancyIou: [keys(occupancyIouOptions), (o) => shapes.occupancyIou(field, field, o)],
    sdfMse: [keys(evaluateSdfOptions), (o) => shapes.sdfMse(field, samples, o)],
    parseObj: [reader, (o) => shapes.parseObj(bytes, o)],
    'parseObj: limits': [limits, (given) => shapes.parseObj(bytes, { limits: given })],
    readPly: [reader, (o) => shapes.readPly(bytes, o)],
    readStl: [reader, (o) => shapes.readStl(bytes, o)],
    readGltf: [[...reader, 'resolve'], (o) => shapes.readGltf(bytes, o)],
    readMesh: [[...reader, 'resolve'], (o) => shapes.readMesh(bytes, o)],
    renderMesh: [keys(renderMeshOptions), (o) => shapes.renderMesh(box, o)],
    randomSeat: [keys(randomSeatOptions), (o) => shapes.randomSeat(o as never)],
    seatMesh: [keys(seatDesignOptions), (o) => shapes.seatMesh(o as never)],
    seatMeshes: [keys(seatMeshesOptions), (o) => shapes.seatMeshes(o as never)],
    extractMesh: [keys(extractMeshOptions), (o) => shapes.extractMesh(field, o)],
  },
  ['windingNumbers', 'meshPlausibility', 'mergeMeshes', 'meshFrame', 'writeStl'],
);

const wrong = (options: object) => () => shapes.parseObj('v 0 0 0', options);

it.each([
  [{ name: 7 }, 'parseObj: expected name to be text, got 7'],
  [
    { placement: 'centre' },
    "parseObj: expected placement to be one of 'auto', 'file', 'center', 'unit', 'fit', got 'centre'; did you mean 'center'?",
  ],
  [{ limits: { bytes: '1' } }, "parseObj: expected limits.bytes to be a number from 0 up, got '1'"],
  [{ limits: 3 }, 'parseObj: limits: expected options to be an object, got 3'],
])('readers refuse %j by name', (options, message) => {
  expect(wrong(options)).toThrow(message);
});
it('readGltf refuses a resolve that is no function', async () => {
  await expect(shapes.readGltf(bytes, { resolve: 'here' as never })).rejects.toThrow('readGltf: expected resolve to be a function');
});
it('renderMesh, boxMesh and sphereMesh refuse what is of a wrong kind', () => {
  expect(() => shapes.renderMesh(box, { color: [1, 2, 256] })).toThrow(
    'expected color to be [red, green, blue], each from 0 to 255, got [1, 2, 256]',
  );
  expect(() => shapes.renderMesh(box, { frame: {} as never })).toThrow(/expected frame to be a frame with center and radius/);
  expect(() => shapes.boxMesh({ size: 2 as never })).toThrow('boxMesh: expected size to be [x, y, z] in finite numbers, got 2');
  expect(() => shapes.sphereMesh({ subdivisions: 9 })).toThrow('expected subdivisions to be a whole number from 0 to 8, got 9');
});
