/** How near to its users an environment is. The words are keys as well, which are always known: see `isBuiltIn`. */
export const TIERS = ['development', 'testing', 'staging', 'production'] as const;
export type Tier = (typeof TIERS)[number];

/** Keys of environments that everybody may refer to, whether anybody described them or not. */
export const isBuiltIn = (key: string): key is Tier => TIERS.some((tier) => tier === key);

/** The tier of an environment of which nobody said one. */
export const usualTier = (key: string): Tier => (isBuiltIn(key) ? key : 'development');
