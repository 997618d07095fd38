declare const brand: unique symbol;

/** A primitive that was checked once: the type is the proof. Costs nothing at run time. */
export type Brand<T, Name extends string> = T & { readonly [brand]: Name };
