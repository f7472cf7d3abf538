import { refuseUnknown } from '@netspace/prep/internal';
import { checkInteger, checkNumber } from './check-option.js';

/** The input and output sizes of a classifier. */
export interface ImageTask {
  /**
   * Channels of an image: 3 for color, 1 for gray.
   * @default 3
   */
  readonly channels?: number;
  /**
   * Height and width of an image, in pixels.
   * @default 32
   */
  readonly size?: number;
  /**
   * Number of classes.
   * @default 10
   */
  readonly classes?: number;
  /**
   * Factor on the number of hidden channels and features, each rounded and at least 1.
   * @default 1
   */
  readonly width?: number;
}

/** The keys of a task. */
export const IMAGE_TASK = ['channels', 'size', 'classes', 'width'] as const;

/** Checks a task and fills in its defaults. The architecture has `more` options besides those of the task. */
export function resolveImageTask(
  caller: string,
  task: ImageTask,
  { smallest = 1, more = [] }: { readonly smallest?: number; readonly more?: readonly string[] } = {},
): Required<ImageTask> {
  refuseUnknown(caller, task, [...IMAGE_TASK, ...more]);
  const { channels = 3, size = 32, classes = 10, width = 1 } = task;
  checkInteger(caller, 'channels', channels, 1, 65_536);
  checkInteger(caller, 'size', size, smallest, 65_536);
  checkInteger(caller, 'classes', classes, 1, 16_777_216);
  checkNumber(caller, 'width', width, 0.001, 64);
  return { channels, size, classes, width };
}

/** The part of a name that says the task: `3x32x32-10`, `1x28x28-10-w0.25`. */
export const imageTaskName = ({ channels, size, classes, width }: Required<ImageTask>): string =>
  `${channels}x${size}x${size}-${classes}${width === 1 ? '' : `-w${width}`}`;

/** A hidden layer's number of channels or features at a width multiplier. */
export const scaled = (count: number, width: number): number => Math.max(1, Math.round(count * width));
