// `npx tsx scripts/seats-picture.ts [FILE]`: draws the first seats that `seatMeshes` makes, all to one scale.
import { writeFile } from 'node:fs/promises';

import { contactSheet, encodePng } from '@netspace/report/pictures';
import { renderMesh, seatMeshes } from '@netspace/shapes';

const [COLUMNS, ROWS] = [10, 6];
const frame = { center: [0, 0, 0], radius: 0.5 } as const;

const seats = await seatMeshes({ count: COLUMNS * ROWS, seed: 0 });
const pictures = seats.map(({ mesh }) => renderMesh(mesh, { width: 96, height: 96, frame, azimuth: 215 }));
const rows = Array.from({ length: ROWS }, (_, row) => pictures.slice(row * COLUMNS, (row + 1) * COLUMNS));
await writeFile(process.argv[2] ?? 'docs/images/seats.png', encodePng(contactSheet(rows, { gap: 2 })));
