/** How a checksum is computed. */
export const ChecksumAlgorithm = {
  SHA256: 'sha256',
  MD5: 'md5',
  XXH128: 'xxh128',
  CRC32C: 'crc32c',
} as const;
export type ChecksumAlgorithm = (typeof ChecksumAlgorithm)[keyof typeof ChecksumAlgorithm];

/** Hexadecimal digits of a checksum by its algorithm. */
export const CHECKSUM_LENGTHS: Readonly<Record<ChecksumAlgorithm, number>> = {
  sha256: 64,
  md5: 32,
  xxh128: 32,
  crc32c: 8,
};
