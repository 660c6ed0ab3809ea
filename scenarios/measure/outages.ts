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

/** A time out of service; µs. */
export interface Outage {
  readonly where: string;
  readonly fromUs: number;
  /** Undefined while it lasts. */
  readonly untilUs: number | undefined;
}

export class Outages {
  /** How long each recovery took, of the outages that began in measured time, in s. */
  readonly recoveriesS: number[] = [];
  private readonly recovered: Outage[] = [];
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

  /** How many agents a scope has by now. */
  agentsOf(index: number): number {
    return this.agents[index]!;
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

  /** Those that began in measured time and are over, then those that last. */
  all(): Outage[] {
    const open = [...this.outSinceUs].map(([index, fromUs]) => {
      return { where: this.scopes[index]!.name, fromUs, untilUs: undefined };
    });
    return [...this.recovered, ...open];
  }

  /** What there is to tell at `nowUs`, when the run ends or was interrupted. */
  incidents(nowUs: number): Incident[] {
    return this.all().map(({ where, fromUs, untilUs }) => {
      const tookS = ((untilUs ?? nowUs) - fromUs) / US_PER_S;
      const howLong = `for ${tookS.toFixed(3)} s${untilUs === undefined ? ", and still so at the end" : ""}`;
      const detail = `fewer than 95 % of its machine agents active ${howLong}`;
      return { atS: fromUs / US_PER_S, kind: this.kind, where, detail };
    });
  }

  private recover(index: number, sinceUs: number, nowUs: number): void {
    this.outSinceUs.delete(index);
    this.onService(nowUs, index, true);
    if (sinceUs < this.fromUs) return;
    this.recoveriesS.push((nowUs - sinceUs) / US_PER_S);
    this.recovered.push({ where: this.scopes[index]!.name, fromUs: sinceUs, untilUs: nowUs });
  }
}
