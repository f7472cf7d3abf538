/** Where the pictures of a film go. */
export interface FilmWriter {
  readonly framesASecond: number;
  /** Takes what the canvas shows. */
  add(): Promise<void>;
  end(): Promise<{ readonly name: string; readonly blob: Blob }>;
  /** Ends without a film. */
  cancel(): void;
}

/** A picture needs this time to get into the film, in milliseconds. */
const LEAST = 10;

const TYPES = ['video/webm;codecs=vp9', 'video/webm;codecs=vp8', 'video/webm', 'video/mp4'];

/**
 * Films a canvas as this browser does.
 *
 * @returns undefined where it films nothing
 */
export function videoWriter(canvas: HTMLCanvasElement): FilmWriter | undefined {
  if (typeof MediaRecorder === 'undefined') return undefined;
  const framesASecond = 20;
  let [due, shown] = [0, 0]; // how long the film is to be by now, and is, in milliseconds
  const stream = canvas.captureStream(0);
  const track = stream.getVideoTracks()[0] as CanvasCaptureMediaStreamTrack;
  const type = TYPES.find((one) => MediaRecorder.isTypeSupported(one));
  const recorder = new MediaRecorder(stream, { ...(type !== undefined && { mimeType: type }), videoBitsPerSecond: 4_000_000 });
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise<void>((resolve) => (recorder.onstop = () => resolve()));
  recorder.start();
  recorder.pause();
  const cancel = (): void => {
    if (recorder.state !== 'inactive') recorder.stop();
  };
  return {
    framesASecond,
    async add() {
      // Time in the film is the walk's: it stands still while the next picture is computed.
      // A busy browser wakes late: the next pictures make up for it.
      due += 1000 / framesASecond;
      const start = performance.now();
      recorder.resume();
      track.requestFrame();
      await new Promise((resolve) => setTimeout(resolve, Math.max(LEAST, due - shown)));
      recorder.pause();
      shown += performance.now() - start;
    },
    async end() {
      recorder.stop();
      await ended;
      const name = type?.includes('mp4') === true ? 'walk.mp4' : 'walk.webm';
      return { name, blob: new Blob(parts, { type: recorder.mimeType }) };
    },
    cancel,
  };
}
