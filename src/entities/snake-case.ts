/** `ObsUnit` → `obs_unit`, `raDeg` → `ra_deg`, `offsetXArcmin` → `offset_x_arcmin`. */
export function snakeCase(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1_$2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1_$2')
    .toLowerCase();
}
