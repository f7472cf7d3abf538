import { resolve } from 'node:path';

import { isS3Address } from './s3/s3-place.js';

/** A folder from the root of this machine, or the address of a part of a bucket: for messages to those who may be somewhere else. */
export const fullPlace = (place: string): string => (isS3Address(place) ? place : resolve(place));
