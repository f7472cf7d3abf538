import { describe, expect, it } from 'vitest';

import { galleryPage } from './gallery-page.js';

const entry = {
  ...{ experiment: 'sdf', question: 'What lies between?', seed: 0, date: '2026-01-02T03:04:05Z', commit: '0123456789' },
  ...{ wallSeconds: 600, cpuSeconds: 30, machine: { cpu: 'a processor', cores: 2 }, runtime: { name: 'wasm' } },
  thresholds: [{ what: 'IoU', value: 0.91234, atLeast: 0.9, reached: true }],
  figures: ['walk-a.png', 'curve.svg'],
  captions: { 'walk-a.png': 'From left to right' },
};

describe('galleryPage', () => {
  it('shows question, numbers, pictures and where they come from', () => {
    const page = galleryPage([entry]);
    expect(page).toContain('## sdf\n\nWhat lies between?');
    expect(page).toContain('| IoU | 0.912 | ≥ 0.9 | yes |');
    expect(page).toContain('![From left to right](../experiments/sdf/walk-a.png)\n\n_From left to right_');
    expect(page).toContain('![sdf: curve](../experiments/sdf/curve.svg)');
    expect(page).toContain('10 min (1 min of processor time) on 2 cores of a processor, wasm, 2026-01-02, commit 0123456');
  });
});
