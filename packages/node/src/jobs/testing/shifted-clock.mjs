// NODE_OPTIONS=--import loads this into a process of a test: its clock is NETSPACE_TEST_CLOCK milliseconds ahead.
const ahead = Number(process.env['NETSPACE_TEST_CLOCK']);
const { now } = Date;

globalThis.Date = class extends Date {
  constructor(...parts) {
    if (parts.length === 0) super(now() + ahead);
    else super(...parts);
  }
  static now() {
    return now() + ahead;
  }
};
