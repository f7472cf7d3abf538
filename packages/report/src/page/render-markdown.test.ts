import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';

import { cubeMesh } from '../../../shapes/src/testing/meshes.js';
import type { ReportData } from './report-data.js';
import { renderMarkdown } from './render-markdown.js';

const picture = { width: 2, height: 1, data: Uint8ClampedArray.from([255, 0, 0, 255, 0, 0, 255, 128]) };
const data: ReportData = {
  title: 'A <space> of *digits*',
  subtitle: 'two | networks',
  headline: [{ label: 'difference', value: '3 %', verdict: 'good', note: 'at most 4 %' }],
  sections: [
    {
      title: 'All kinds',
      text: ['one', 'two'],
      figures: [
        {
          kind: 'chart',
          chart: 'line',
          title: 'Loss',
          x: { label: 'step' },
          y: { label: 'nats' },
          series: [{ name: 'a', points: [[1, 0.5]] }],
        },
        { kind: 'table', columns: [{ label: 'net' }, { label: 'acc', format: 'percent' }], rows: [['n|m', null], ['m', 0.5]] }, // prettier-ignore
        { kind: 'heatmap', rows: { label: 'is', names: ['a'] }, columns: { label: 'said', names: ['a'] }, values: [[7]] },
        { kind: 'pictures', pictures: [{ picture, title: 'P', note: 'target' }], caption: 'a caption' },
        { kind: 'meshes', meshes: [{ mesh: cubeMesh(), title: 'cube' }] },
      ],
    },
  ],
  provenance: { seed: 3 },
};

describe('renderMarkdown', () => {
  const { text, files } = renderMarkdown(data);

  it('says all that the page says', () => {
    const lines = text.split('\n');
    for (const line of [
      '| difference | 3 % | good | at most 4 % |',
      '## All kinds',
      '### Loss',
      '![Loss: line chart of nats against step; a](pictures/1-1.svg)',
      '| net | acc |',
      '| --- | ---: |',
      '| m | 50\u00a0% |'.replace('\u00a0', ' '),
      '| a | 7 |',
      '![P, target](pictures/1-4-1.png)',
      'a caption',
      '![cube](pictures/1-5-1.png)',
      '| seed | 3 |',
    ]) {
      expect(lines).toContain(line);
    }
  });

  it('keeps text plain, whatever it holds', () => {
    expect(text).toContain('# A \\<space\\> of \\*digits\\*');
    expect(text).toContain('two \\| networks');
    expect(text).toContain('| n\\|m | – |');
  });

  it('has every picture that it names, and no other', () => {
    const named = [...text.matchAll(/\]\((.*?)\)/g)].map(([, path]) => path);
    expect([...files.keys()]).toEqual(named);
    const png = files.get('pictures/1-4-1.png') as { png: Uint8Array };
    expect(decode(png.png)).toMatchObject({ width: 2, height: 1 });
    expect(files.get('pictures/1-1.svg')).toEqual({ svg: expect.stringMatching(/^<svg/) as string });
  });

  it('refuses what the page refuses', () => {
    const broken = {
      ...data,
      sections: [{ title: 't', figures: [{ kind: 'table', columns: [{ label: 'a' }], rows: [[1, 2]] } as const] }],
    };
    expect(() => renderMarkdown(broken)).toThrow(/expected 1 cells a row, got 2/);
  });
});
