/**
 * The engine as it ships: plain JavaScript from `dist`, which `npm run bench` builds first. Run through tsx, the same
 * sources would carry what its compiler adds, and be measured with it.
 */

/** @param path of a module below the root, such as `sim/simulation` */
export async function fromDist<Module>(path: string): Promise<Module> {
  return (await import(new URL(`../dist/${path}.js`, import.meta.url).href)) as Module;
}

/** A module instance of tinyqueue that nobody else has, so that its hot functions are compiled for our use alone. */
export async function ownTinyQueue(): Promise<typeof import("tinyqueue").default> {
  const module = await import(`${import.meta.resolve("tinyqueue")}?own`);
  return module.default;
}
