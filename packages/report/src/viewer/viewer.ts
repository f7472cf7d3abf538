// The script of a report's page: draws its shapes with WebGL and lets readers turn them. Built as one file, `@netspace/report/viewer`.
import { createShapeRenderer } from './viewer-renderer.js';
import { viewShapes } from './viewer-shapes.js';

const renderer = createShapeRenderer();
// Without WebGL the page keeps its pictures.
if (renderer !== undefined) document.querySelectorAll<HTMLElement>('.shapes').forEach((row) => viewShapes(row, renderer));
