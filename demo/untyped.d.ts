// What is used here of packages that bring no types.

declare module 'kinesalite' {
  import type { Server } from 'node:http';

  function kinesalite(options: { readonly createStreamMs: number }): Server;
  export = kinesalite;
}
