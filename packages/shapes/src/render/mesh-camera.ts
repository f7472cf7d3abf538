export type Vector = readonly [x: number, y: number, z: number];

/** Where the camera stands: `azimuth` degrees from the z axis around y (up), `elevation` degrees above the ground. */
export interface CameraAngles {
  /**
   * In degrees, from the z axis around y.
   *
   * @default 35
   */
  readonly azimuth?: number;
  /**
   * In degrees, above the ground.
   *
   * @default 20
   */
  readonly elevation?: number;
}

/** The camera's axes in the world; `back` points from the scene to the camera. */
export interface CameraAxes {
  readonly right: Vector;
  readonly up: Vector;
  readonly back: Vector;
}

export function cameraAxes({ azimuth = 35, elevation = 20 }: CameraAngles = {}): CameraAxes {
  const [a, e] = [(azimuth * Math.PI) / 180, (elevation * Math.PI) / 180];
  return {
    right: [Math.cos(a), 0, -Math.sin(a)],
    up: [-Math.sin(e) * Math.sin(a), Math.cos(e), -Math.sin(e) * Math.cos(a)],
    back: [Math.cos(e) * Math.sin(a), Math.sin(e), Math.cos(e) * Math.cos(a)],
  };
}
