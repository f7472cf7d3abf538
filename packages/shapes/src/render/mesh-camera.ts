import { finite, type GivenBy, objectOf, withDefault } from '@netspace/prep/internal';

export type Vector = readonly [x: number, y: number, z: number];

// These numbers are constants of their own, because a bundler would keep the whole description for one property.
const AZIMUTH = 215; // the front of a shape that faces −z, as ShapeNet's do, and a little of its side
const ELEVATION = 20;

/** See {@link CameraAngles}. */
export const cameraAngles = objectOf({
  /**
   * In degrees, from the z axis around y; 180 is the front of a shape that faces −z, as those of ShapeNet do.
   * @default 215
   */
  azimuth: withDefault(finite, AZIMUTH),
  /**
   * In degrees, above the ground.
   * @default 20
   */
  elevation: withDefault(finite, ELEVATION),
});

/** Where the camera stands: `azimuth` degrees from the z axis around y (up), `elevation` degrees above the ground. */
export interface CameraAngles extends GivenBy<typeof cameraAngles> {}

/** The camera's axes in the world; `back` points from the scene to the camera. */
export interface CameraAxes {
  readonly right: Vector;
  readonly up: Vector;
  readonly back: Vector;
}

export function cameraAxes({ azimuth = AZIMUTH, elevation = ELEVATION }: CameraAngles = {}): CameraAxes {
  const [a, e] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  return {
    right: [Math.cos(a), 0, -Math.sin(a)],
    up: [-Math.sin(e) * Math.sin(a), Math.cos(e), -Math.sin(e) * Math.cos(a)],
    back: [Math.cos(e) * Math.sin(a), Math.sin(e), Math.cos(e) * Math.cos(a)],
  };
}
