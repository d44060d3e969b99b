/** How data goes from one site to another. */
export const RouteType = {
  /** Straight to its destination. */
  DIRECT: 'direct',
  /** By way of a third site. */
  RELAY: 'relay',
  /** From one given location to another, instead of what the sites' routes say. */
  CUSTOM: 'custom',
} as const;
export type RouteType = (typeof RouteType)[keyof typeof RouteType];

/** What was found when a copy was verified again. */
export const VerificationResult = {
  /** The checksum is the one that it should be. */
  GOOD: 'good',
  /** The checksum is another one, or the copy could not be read. */
  BAD: 'bad',
  /** The copy was deleted, or was to be, before it was verified. */
  GONE: 'gone',
} as const;
export type VerificationResult = (typeof VerificationResult)[keyof typeof VerificationResult];
