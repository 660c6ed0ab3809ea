/** The mesh of a scenario: how many sectors, clusters and agents, of which classes, and where they stand. */
import { z } from "zod";
import { CLASS_NAMES, IMPEDANCE_CLASSES, type ImpedanceClass } from "../../protocol/mesh-30k/impedance-class.js";
import { number, text, wholeNumber } from "./fields.js";
import { checkJoining, joiningOf, joiningSection } from "./joining-section.js";

/** An address is a dense integer, and a mesh of a million agents is the largest that the engine is built for. */
const MOST = 1_000_000;

/** None unless it is named: a mesh need not have all classes. */
const agentsOf = (name: ImpedanceClass) =>
  wholeNumber(0, MOST).prefault(0).describe(`Agents of class ${name} (${CLASS_NAMES[name]}).`);

const classes = z
  .strictObject({
    A: agentsOf("A"),
    B: agentsOf("B"),
    C: agentsOf("C"),
    D: agentsOf("D"),
    E: agentsOf("E"),
    F: agentsOf("F"),
  } satisfies Record<ImpedanceClass, unknown>)
  .describe(
    "Agents of each impedance class. They must add up to sectors x clustersPerSector x agentsPerCluster; a class left out has none.",
  );

export const meshSection = z
  .strictObject({
    sectors: wholeNumber(1, MOST).describe("Sectors, each with a coordinator of its own beside the agents."),
    clustersPerSector: wholeNumber(1, MOST).describe("Clusters of each sector, each with a lead beside the agents."),
    agentsPerCluster: wholeNumber(1, MOST).describe(
      "Agents of a cluster, on average: a cluster holds one class, so that sizes differ where a class does not fill its clusters.",
    ),
    classes,
    joining: joiningSection
      .optional()
      .describe(
        "Agents that join the running mesh, beside those counted above: into the smallest clusters of their class (document 10.2). Left out: nobody.",
      ),
  })
  .superRefine((mesh, context) => {
    const { sectors, clustersPerSector, agentsPerCluster } = mesh;
    const clusters = sectors * clustersPerSector;
    const needed = clusters * agentsPerCluster;
    const sum = IMPEDANCE_CLASSES.reduce((agents, name) => agents + mesh.classes[name], 0);
    const present = IMPEDANCE_CLASSES.filter((name) => mesh.classes[name] > 0).length;
    const complain = (message: string) => context.addIssue({ code: "custom", path: ["classes"], message });
    if (mesh.joining !== undefined) {
      checkJoining(mesh.joining, mesh.classes, (path, message) =>
        context.addIssue({ code: "custom", path: ["joining", ...path], message }),
      );
    }
    if (sum !== needed) {
      const remedy = sum < needed ? `add ${needed - sum}` : `remove ${sum - needed}`;
      complain(
        `add up to ${sum} agents; expected sectors x clustersPerSector x agentsPerCluster = ${sectors} x ${clustersPerSector} x ${agentsPerCluster} = ${needed} (${remedy})`,
      );
    } else if (present > clusters) {
      complain(
        `name ${present} classes with agents; expected at most ${clusters}, one for each cluster, because a cluster holds one class (add clusters or leave classes out)`,
      );
    }
  })
  .transform(({ joining, ...mesh }) => ({
    ...mesh,
    ...(joining !== undefined && { joining: joiningOf(joining, mesh.classes) }),
  }));

const regionId = () => text(/^[a-z0-9]+$/, "the id of a region, such as eastus");

export const placementSection = z.strictObject({
  orchestrator: regionId()
    // The document's orchestrator is a person's console; the largest region of the cloud is as good a guess as any.
    .prefault("eastus")
    .describe("The region of the orchestrator."),
  sectors: z
    .record(
      z.string(),
      number(0, "a weight of 0 or more").describe("Share of the sectors in this region, relative to the others."),
    )
    .optional()
    .describe(
      "Weights of the regions among which the sectors are shared out. Left out: all regions of the models equally.",
    ),
});
