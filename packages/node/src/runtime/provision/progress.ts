export type InstallStep = 'check' | 'download' | 'extract' | 'package' | 'compile' | 'verify' | 'activate';

export interface InstallProgress {
  readonly step: InstallStep;
  /** The command or file at work. */
  readonly detail: string;
  /** 0…1 within the step, where known. */
  readonly fraction?: number;
}

export type Report = (step: InstallStep, detail: string, fraction?: number) => void;

export const reporter =
  (onProgress: ((progress: InstallProgress) => void) | undefined): Report =>
  (step, detail, fraction) =>
    onProgress?.({ step, detail, ...(fraction === undefined ? {} : { fraction }) });
