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
