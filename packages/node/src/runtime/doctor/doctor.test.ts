import { existsSync } from 'node:fs';

import { describe, expect, it } from 'vitest';

import { asTyped, waitingThreads } from '../../cli/commands/doctor.js';
import { runCli } from '../../cli/run-cli.js';
import type { RuntimeReport } from '../runtime.js';
import { doctor } from './doctor.js';
import { probeRuntime } from './probe.js';

const CHROMIUM = '/usr/lib/chromium';
const swiftShader = `${CHROMIUM}/vk_swiftshader_icd.json`; // a Vulkan device in software, with Vulkan's loader beside it

describe('probeRuntime', () => {
  it('measures wasm in a process of its own', async () => {
    const report = await probeRuntime('wasm');
    expect(report).toMatchObject({ name: 'wasm', present: true, usable: true });
    // No floor above zero: on a busy machine the threads wait for each other (0.009 GFLOP/s measured at a load of 11 on two cores).
    expect(report.gflopsForward).toBeGreaterThan(0);
    expect(report.gflopsBackward).toBeGreaterThan(0);
  });
  it('gives reason and remedy of one that is not there', async () => {
    const report = await probeRuntime('webgpu', { env: { ...process.env, LD_LIBRARY_PATH: '', VK_ICD_FILENAMES: '/nonexistent.json' } });
    expect(report).toMatchObject({ name: 'webgpu', usable: false, gflopsForward: undefined });
    expect(report.reason).toMatch(/Vulkan|graphics device/);
    expect(report.remedy).toMatch(/install/);
  });
  it('makes a crash of one a line in the report', async () => {
    const report = await probeRuntime('cpu', { env: { ...process.env, NODE_OPTIONS: '--max-old-space-size=1' } });
    expect(report).toMatchObject({ name: 'cpu', present: true, usable: false });
    expect(report.reason).toMatch(/the process that (tried|measured) it ended/);
  });
  it.skipIf(!existsSync(swiftShader))('knows a graphics device that computes in software (skipped without SwiftShader)', async () => {
    const env = { ...process.env, LD_LIBRARY_PATH: CHROMIUM, VK_ICD_FILENAMES: swiftShader };
    const report = await probeRuntime('webgpu', { env });
    expect(report).toMatchObject({ present: true, usable: false, reason: expect.stringMatching(/SwiftShader.* in software/i) });
    const forced = await probeRuntime('webgpu', { env, forced: true });
    expect(forced).toMatchObject({ usable: true, device: expect.stringMatching(/SwiftShader/i) });
    expect(forced.gflopsBackward).toBeGreaterThan(0);
  });
});

describe('waitingThreads', () => {
  it('says so if threads of wasm are hardly faster than plain JavaScript', () => {
    const reports = (wasm: number, threads: number) => [
      { name: 'wasm' as const, threads, gflopsForward: wasm },
      { name: 'cpu' as const, threads: 1, gflopsForward: 0.0071 },
    ];
    expect(waitingThreads(reports(0.0053, 2))).toEqual([expect.stringContaining('its 2 threads wait for each other')]);
    expect([waitingThreads(reports(5, 2)), waitingThreads(reports(0.0053, 1)), waitingThreads([])]).toEqual([[], [], []]);
  });
});

describe('netspace doctor', () => {
  it('names the command in its remedies as it was called', () => {
    const reports = [
      'netspace runtime install',
      'compare versions, then: netspace runtime install --gpu',
      'npm install webgpu',
      undefined,
    ].map((remedy) => ({ name: 'webgpu', ...(remedy !== undefined && { remedy }) }) as RuntimeReport);
    const remedies = (netspace: string) => asTyped(reports, netspace).map(({ remedy }) => remedy);
    expect(asTyped(reports, 'netspace')).toEqual(reports);
    const typed = [
      'npx netspace runtime install',
      'compare versions, then: npx netspace runtime install --gpu',
      'npm install webgpu',
      undefined,
    ];
    expect(remedies('npx netspace')).toEqual(typed);
  });
  it.each([
    ['--precision', 'bfloat16'],
    ['--runtime', 'wasm'],
  ])('refuses %s, which it would not follow', async (option, value) => {
    let said = '';
    const write = (text: string): void => void (said += text);
    expect(await runCli([option, value, 'doctor'], { writeOut: write, writeErr: write })).toBe(1);
    expect(said).toContain(`doctor: expected no ${option} (it measures every runtime, in float32), got '${value}'; leave it out`);
  });
});

describe('doctor', () => {
  it('ends the process that it waits for, and stops, when its signal says so', async () => {
    const controller = new AbortController();
    const begun = performance.now();
    setTimeout(() => controller.abort(), 200); // no process that tries a runtime is done by then
    await expect(doctor({ signal: controller.signal })).rejects.toMatchObject({ code: 'ABORTED' });
    expect(performance.now() - begun).toBeLessThan(10_000);
  });
});
