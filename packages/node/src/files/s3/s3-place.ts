import { NetSpaceError } from '@netspace/prep';

/** Where files lie in object storage, and the keys to it. Keys never leave this object but into signatures. */
export interface S3Place {
  /** As it may be shown: `s3://BUCKET/PREFIX`, without a slash at its end. */
  readonly address: string;
  readonly bucket: string;
  /** Of all keys of objects; empty, or with a slash at its end. */
  readonly prefix: string;
  /** Address of the bucket, with a slash at its end. */
  readonly base: string;
  readonly region: string;
  readonly keys: { readonly accessKeyId: string; readonly secretAccessKey: string; readonly sessionToken?: string };
}

/** Whether a place is one in object storage, not a folder. */
export const isS3Address = (place: string): boolean => place.startsWith('s3://');

/**
 * Reads an address such as `s3://bucket/zoos/mine`. Endpoint, region and keys come from the environment alone, by the names that other tools
 * have: `AWS_ENDPOINT_URL` (left out for Amazon's own), `AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`.
 *
 * @throws NetSpaceError `INVALID_OPTION` for an address that is none, `UNAVAILABLE` if keys are missing
 */
export function s3Place(address: string, env: NodeJS.ProcessEnv = process.env): S3Place {
  const [, bucket = '', path = ''] = /^s3:\/\/([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:\/(.*))?$/.exec(address) ?? [];
  const parts = path.split('/').filter((part) => part !== '');
  if (bucket === '' || !parts.every((part) => /^[\w.-]+$/.test(part) && !/^\.+$/.test(part))) {
    throw new NetSpaceError(
      'INVALID_OPTION',
      `s3Files: expected an address such as s3://bucket/zoos/mine, of letters, digits, dots and dashes, got '${address}'`,
    );
  }
  const [accessKeyId = '', secretAccessKey = '', sessionToken = ''] = KEYS.map((name) => env[name]);
  if (accessKeyId === '' || secretAccessKey === '') {
    throw new NetSpaceError(
      'UNAVAILABLE',
      `s3Files: expected AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY in the environment for ${address}, got none; set them, and AWS_ENDPOINT_URL if it is not Amazon's`,
    );
  }
  const region = env['AWS_REGION'] || env['AWS_DEFAULT_REGION'] || 'us-east-1';
  const prefix = parts.map((part) => `${part}/`).join('');
  return {
    ...{ address: `s3://${[bucket, ...parts].join('/')}`, bucket, prefix, region },
    base: baseOf(bucket, region, env['AWS_ENDPOINT_URL_S3'] || env['AWS_ENDPOINT_URL'] || undefined),
    keys: { accessKeyId, secretAccessKey, ...(sessionToken !== '' && { sessionToken }) },
  };
}

const KEYS = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;

/** Names with dots do not fit the certificates of Amazon's hosts, and other servers seldom have a host for each bucket. */
function baseOf(bucket: string, region: string, endpoint: string | undefined): string {
  if (endpoint === undefined) {
    const host = `s3.${region}.amazonaws.com`;
    return bucket.includes('.') ? `https://${host}/${bucket}/` : `https://${bucket}.${host}/`;
  }
  try {
    const { protocol, host, pathname } = new URL(endpoint);
    if (['http:', 'https:'].includes(protocol)) return `${protocol}//${host}${pathname.replace(/\/*$/, '')}/${bucket}/`;
  } catch {
    // refused below
  }
  throw new NetSpaceError('INVALID_OPTION', 's3Files: expected AWS_ENDPOINT_URL as https://HOST, got something else');
}
