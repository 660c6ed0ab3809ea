/** Who may import whom. The reasons stand in ARCHITECTURE.md, "Rooms". */
const only = (room, allowed, comment) => ({
  name: `${room}-imports`,
  comment,
  severity: "error",
  from: { path: `^${room}/` },
  to: { pathNot: allowed },
});

module.exports = {
  forbidden: [
    only("protocol", ["^protocol/"], "protocol/ is pure: it imports nothing but itself, not even Node.js"),
    only(
      "sim",
      ["^sim/", "^protocol/contract\\.ts$", "^node_modules/(seedrandom|tinyqueue|@types/seedrandom)/"],
      "sim/ knows no protocol but the contract, no models and no statistics",
    ),
    only(
      "models",
      [
        "^models/",
        "^sim/(random|network|node-rows|time|service-times|clock|platform|hosts/host-plan)\\.ts$",
        "^node_modules/(yaml|zod)/",
        "^(node:)?(fs|url|path|assert)$",
      ],
      "models/ knows no protocol and no statistics; it implements what sim/ asks of the world",
    ),
    {
      name: "scenarios-do-not-report",
      comment: "scenarios/ puts protocol, models and engine together; what comes out is results, which reports/ read",
      severity: "error",
      from: { path: "^scenarios/" },
      to: { path: "^(reports/|cli\\.ts)" },
    },
    {
      name: "reports-see-results",
      comment: "reports/ see results, never live objects",
      severity: "error",
      from: { path: "^reports/" },
      to: { path: "^(protocol/|sim/|models/|cli\\.ts|scenarios/(?!results\\.ts$))" },
    },
    { name: "no-circular", severity: "error", from: {}, to: { circular: true } },
    { name: "no-unresolved", severity: "error", from: {}, to: { couldNotResolve: true } },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: { exportsFields: ["exports"], conditionNames: ["import", "node", "default", "types"] },
  },
};
