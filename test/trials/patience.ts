const LOOK_MS = 20;

/** Gives up where nothing more came for a long time; how long the whole takes is a matter of the machine. */
export async function whileMoreComes(
  count: () => number,
  isOver: () => boolean,
  patienceMs = 60_000,
): Promise<void> {
  let known = -1;
  let since = performance.now();
  while (!isOver()) {
    if (count() !== known) {
      known = count();
      since = performance.now();
    }
    if (performance.now() - since > patienceMs) return;
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}
