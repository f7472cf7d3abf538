import type { Checks } from './checks.js';
import type { GoldenFile } from './golden-file.js';
import type { Manifest } from './manifest.js';
import type { Nets } from './nets.js';

/** What a group's checks work with. */
export interface GroupContext {
  readonly manifest: Manifest;
  readonly file: GoldenFile;
  readonly nets: Nets;
  readonly checks: Checks;
  /**
   * Whether a check is too large for this run: then its tensors (all whose names start so) count as left out, and it must not run.
   *
   * @param size multiply-adds
   */
  leaveOut(name: string, size: number): boolean;
  /** Says something that whoever reads the result should know. */
  note(text: string): void;
}

/** The checks of one file. */
export type Group = (context: GroupContext) => void;
