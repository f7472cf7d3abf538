/** The stage and progress of an installation. */
export type InstallStage = 'check' | 'download' | 'extract' | 'package' | 'compile' | 'verify' | 'activate';

export interface InstallProgress {
  readonly stage: InstallStage;
  /** The current command or file. */
  readonly detail: string;
  /** 0…1 within the stage, where known. */
  readonly fraction?: number;
}

export type Report = (stage: InstallStage, detail: string, fraction?: number) => void;

export const reporter =
  (onStage: ((progress: InstallProgress) => void) | undefined): Report =>
  (stage, detail, fraction) =>
    onStage?.({ stage, detail, ...(fraction === undefined ? {} : { fraction }) });
