/** Every migration, the oldest first. `npm run migration:new` and `migration:generate` keep the list. */
export const migrations = [];
