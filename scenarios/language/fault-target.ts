/** Whom a fault concerns: criteria that all must hold, then how many of those that match. */
import { z } from "zod";
import { count, matching, oneOf, oneOrMore, ordinal, readClass } from "./fault-fields.js";
import { choice } from "./fields.js";

export const ROLES = ["orchestrator", "coordinator", "lead", "standby", "agent"] as const;
export type Role = (typeof ROLES)[number];

/** What nodes stand on or belong to, as a whole. */
export const WHOLES = ["machine", "board", "rack", "cluster", "sector", "zone", "region"] as const;
export type Whole = (typeof WHOLES)[number];

const integerHint = { type: "integer", minimum: 1 };
const textHint = { type: "string" };

export const TARGET_KEYS = {
  class: oneOrMore(readClass, { type: "string", enum: ["A", "B", "C", "D", "E", "F"] })
    .optional()
    .describe("Agents of this class, or of one of these."),
  region: oneOrMore(matching(/^[a-z0-9]+$/, "the id of a region, such as westeurope"), textHint)
    .optional()
    .describe("What stands in this region, or in one of these: coordinators, leads and agents alike."),
  zone: oneOrMore(ordinal("a zone of a region: 1, 2 or 3"), { type: "integer", minimum: 1, maximum: 3 })
    .optional()
    .describe("What stands in this zone of its region. A region has three, and clusters take them in turn."),
  sector: oneOrMore(ordinal("a sector by its number, 1 or more, as reports have it"), integerHint)
    .optional()
    .describe("A sector by its number from 1: its coordinator, its leads and its agents."),
  cluster: oneOrMore(matching(/^S\d+-C\d+$/, "a cluster such as S3-C7"), textHint)
    .optional()
    .describe("A cluster, such as S3-C7: its lead and its agents."),
  host: oneOrMore(matching(/^(board|machine)-\d+$/, "a host such as board-1 or machine-12"), textHint)
    .optional()
    .describe("What stands on this board or machine; both are numbered from 1 in the order of the nodes on them."),
  role: oneOrMore(oneOf(ROLES), { type: "string", enum: ROLES })
    .optional()
    .describe(
      "What a node is: orchestrator, coordinator (of a sector), lead (of a cluster), standby (of any of them) or agent.",
    ),
  id: oneOrMore(
    matching(
      /^((orchestrator|S\d+(-C\d+)?)(-standby)?|S\d+-C\d+-A\d+)$/,
      "the name of a node, such as orchestrator, S3, S3-C7, S3-C7-A12 or S3-standby",
    ),
    textHint,
  )
    .optional()
    .describe(
      "A single node by its name in reports: orchestrator, S3 (a coordinator), S3-C7 (a lead), S3-C7-A12 (an agent), S3-standby (a standby).",
    ),
  whole: choice(WHOLES)
    .optional()
    .describe("Takes whole boards, sectors and so on, of which at least one node matches; `count` then counts these."),
  count: count()
    .optional()
    .describe(
      "How many of those that match, drawn by the seed: one, minority, majority, all, a number, or a share. Left out: all.",
    ),
};

export const target = () => z.strictObject(TARGET_KEYS);

/** Criteria as they were written: one value or a list. Empty: everybody. */
export type Target = z.output<ReturnType<typeof target>>;

/** The keys that choose nodes, as opposed to saying how many. */
export const CRITERIA = ["class", "region", "zone", "sector", "cluster", "host", "role", "id"] as const;
export type Criterion = (typeof CRITERIA)[number];
