import { useEffect, useRef } from 'preact/hooks';

import type { Picture } from '../worker/messages/protocol.js';

/** A picture of RGBA values; an empty frame of the same size until it is there. */
export function PictureView({
  picture,
  label,
  size,
}: {
  readonly picture: Picture | undefined;
  readonly label: string;
  readonly size?: number;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    if (picture === undefined || canvas.current === null) return;
    canvas.current.width = picture.width;
    canvas.current.height = picture.height;
    canvas.current.getContext('2d')?.putImageData(new ImageData(picture.data, picture.width, picture.height), 0, 0);
  }, [picture]);
  return <canvas class={`picture ${picture === undefined ? 'empty' : ''}`} ref={canvas} role="img" aria-label={label} width={size ?? 192} height={size ?? 192} style={size === undefined ? {} : { width: `${size}px`, height: `${size}px` }} />; // prettier-ignore
}
