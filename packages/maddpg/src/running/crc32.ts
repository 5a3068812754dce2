/** REMAINDERS[k][byte]: the remainder of this byte and k zero bytes, for the polynomial 0x04c11db7 with its bits reversed. */
const REMAINDERS = remainders();

function remainders(): Uint32Array[] {
  const tables = [0, 1, 2, 3].map(() => new Uint32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let remainder = byte;
    for (const table of tables) {
      for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
      table[byte] = remainder;
    }
  }
  return tables;
}

/**
 * The CRC-32 of these bytes, as eight hexadecimal digits: the one of zip, PNG and Python's `zlib.crc32`. It finds every damage
 * within 32 bits, and all but one in 4 billion others. It does not protect against someone who changes a file on purpose.
 */
export function crc32(bytes: Uint8Array): string {
  const [last, third, second, first] = REMAINDERS;
  let remainder = 0xffffffff;
  let at = 0;
  // Four bytes at once take half of the time, and replay memories have many.
  for (; at + 4 <= bytes.length; at += 4) {
    remainder =
      first[(remainder ^ bytes[at]) & 0xff] ^
      second[((remainder >>> 8) ^ bytes[at + 1]) & 0xff] ^
      third[((remainder >>> 16) ^ bytes[at + 2]) & 0xff] ^
      last[(remainder >>> 24) ^ bytes[at + 3]];
  }
  for (; at < bytes.length; at++) remainder = (remainder >>> 8) ^ last[(remainder ^ bytes[at]) & 0xff];
  return ((remainder ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
