/** `resnet8-3x32x32-10-w0.25` is known as `resnet8`. */
export const shortName = (architecture: string): string => architecture.replace(/-\d+x\d+.*/, '');
