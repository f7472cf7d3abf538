import { useEffect, useRef } from 'preact/hooks';

import { type ImageSize, rgba } from './pen.js';

/** An image in its own pixels, enlarged by the page. */
export function Thumbnail({
  image,
  size,
  label,
}: {
  readonly image: Uint8Array | undefined;
  readonly size: ImageSize;
  readonly label: string;
}) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context || image === undefined) return;
    context.putImageData(new ImageData(rgba(image, size), size.width, size.height), 0, 0);
  }, [image, size]);
  return <canvas class="thumbnail" ref={canvas} width={size.width} height={size.height} {...(label === '' ? { 'aria-hidden': 'true' } : { role: 'img', 'aria-label': label })} />; // prettier-ignore
}
