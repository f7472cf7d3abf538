import { BinaryReader, WireType } from '@bufbuild/protobuf/wire';

import { corruptFile } from '../limits.js';

/** The value of one field of a message, to be read as what the format says that it is. */
export interface Field {
  number(): number;
  float(): number;
  text(): string;
  bytes(): Uint8Array;
  /** All values of a packed field, or the one of a field that is not. */
  numbers(each: (value: number) => void): void;
  floats(each: (value: number) => void): void;
  doubles(each: (value: number) => void): void;
}

/**
 * Goes through the fields of a protobuf message. Fields for which `handlers` has nothing are skipped.
 *
 * @param handlers by field number
 * @throws NetSpaceError `CORRUPT_FILE` where the bytes are no such message
 */
export function readFields(bytes: Uint8Array, what: string, handlers: Readonly<Record<number, (field: Field) => void>>): void {
  const reader = new BinaryReader(bytes);
  let wire = WireType.Varint;
  const expect = (type: WireType): BinaryReader => {
    if (wire !== type) throw corruptFile(`expected wire type ${type} in ${what}, got ${wire}`);
    return reader;
  };
  const repeated = (type: WireType, read: (from: BinaryReader) => number, each: (value: number) => void): void => {
    if (wire === WireType.LengthDelimited) {
      const packed = new BinaryReader(reader.bytes());
      while (packed.pos < packed.len) each(read(packed));
    } else each(read(expect(type)));
  };
  const field: Field = {
    number: () => Number(expect(WireType.Varint).int64()),
    float: () => expect(WireType.Bit32).float(),
    text: () => expect(WireType.LengthDelimited).string(),
    bytes: () => expect(WireType.LengthDelimited).bytes(),
    numbers: (each) => repeated(WireType.Varint, (from) => Number(from.int64()), each),
    floats: (each) => repeated(WireType.Bit32, (from) => from.float(), each),
    doubles: (each) => repeated(WireType.Bit64, (from) => from.double(), each),
  };
  try {
    while (reader.pos < reader.len) {
      const [number, type] = reader.tag();
      wire = type;
      const handler = handlers[number];
      if (handler === undefined) reader.skip(type, number);
      else handler(field);
    }
  } catch (error) {
    if (error instanceof Error && error.name === 'NetSpaceError') throw error;
    throw corruptFile(`expected ${what}, got bytes that are none (${error instanceof Error ? error.message : String(error)})`, {
      cause: error,
    });
  }
}
