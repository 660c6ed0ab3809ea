/** When the clusters, or the sectors, of a mesh are out of service, and how long they take to recover (part 11). */
import { US_PER_S } from "../../sim/time.js";
import type { Incident } from "../results.js";

/** A part of the mesh, or all of it, with fewer of its agents active is not available (part 11). */
export const AVAILABLE_SHARE = 0.95;

/** A cluster or a sector, with its agents of whom the KPIs speak. */
export interface ServiceScope {
  readonly name: string;
  readonly agents: number;
}

/** Told when a scope falls out of service, and when it is in service again. */
type OnService = (nowUs: number, index: number, isInService: boolean) => void;

export class Outages {
  /** How long each recovery took, of the outages that began in measured time, in s. */
  readonly recoveriesS: number[] = [];
  private readonly recovered: Incident[] = [];
  private readonly active: number[];
  /** How many agents each scope has. */
  private readonly agents: number[];
  /** When each scope that is out of service now fell out of it; µs. */
  private readonly outSinceUs = new Map<number, number>();

  /** @param fromUs when measuring begins */
  constructor(
    private readonly kind: "cluster-out-of-service" | "sector-out-of-service",
    private readonly scopes: readonly ServiceScope[],
    private readonly fromUs: number,
    private readonly onService: OnService = () => {},
  ) {
    this.active = scopes.map((scope) => scope.agents);
    this.agents = [...this.active];
  }

  /** One more agent belongs to a scope, and is not active yet. */
  grow(index: number, nowUs: number): void {
    this.agents[index]!++;
    this.change(index, 0, nowUs);
  }

  /** So many agents more, or less, of a scope are active. */
  change(index: number, by: number, nowUs: number): void {
    this.active[index]! += by;
    const inService = this.active[index]! >= AVAILABLE_SHARE * this.agents[index]!;
    const outSinceUs = this.outSinceUs.get(index);
    if (!inService && outSinceUs === undefined) {
      this.outSinceUs.set(index, nowUs);
      this.onService(nowUs, index, false);
    }
    if (inService && outSinceUs !== undefined) this.recover(index, outSinceUs, nowUs);
  }

  /** For how long of the measured time each scope that is out of service at `nowUs` has been so, in s. */
  openS(nowUs: number): number[] {
    return [...this.outSinceUs.values()].map(
      (sinceUs) => Math.max(0, nowUs - Math.max(sinceUs, this.fromUs)) / US_PER_S,
    );
  }

  /** What there is to tell at `nowUs`, when the run ends or was interrupted. */
  incidents(nowUs: number): Incident[] {
    const open = [...this.outSinceUs].map(([index, sinceUs]) =>
      this.incident(index, sinceUs, `for ${((nowUs - sinceUs) / US_PER_S).toFixed(3)} s, and still so at the end`),
    );
    return [...this.recovered, ...open];
  }

  private recover(index: number, sinceUs: number, nowUs: number): void {
    this.outSinceUs.delete(index);
    this.onService(nowUs, index, true);
    if (sinceUs < this.fromUs) return;
    const tookS = (nowUs - sinceUs) / US_PER_S;
    this.recoveriesS.push(tookS);
    this.recovered.push(this.incident(index, sinceUs, `for ${tookS.toFixed(3)} s`));
  }

  private incident(index: number, sinceUs: number, howLong: string): Incident {
    const detail = `fewer than 95 % of its machine agents active ${howLong}`;
    return { atS: sinceUs / US_PER_S, kind: this.kind, where: this.scopes[index]!.name, detail };
  }
}
