/** The remainder of each byte, for the polynomial 0x04c11db7 with its bits reversed. */
const REMAINDERS = Uint32Array.from({ length: 256 }, (_, byte) => {
  let remainder = byte;
  for (let bit = 0; bit < 8; bit++) remainder = (remainder >>> 1) ^ (remainder & 1 ? 0xedb88320 : 0);
  return remainder;
});

/**
 * The CRC-32 of these bytes, as eight hexadecimal digits: the one of zip, PNG and Python's `zlib.crc32`. It finds every damage
 * within 32 bits, and all but one in 4 billion others. It does not protect against someone who changes a file on purpose.
 */
export function crc32(bytes: Uint8Array): string {
  let remainder = 0xffffffff;
  for (const byte of bytes) remainder = (remainder >>> 8) ^ REMAINDERS[(remainder ^ byte) & 0xff];
  return ((remainder ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}
