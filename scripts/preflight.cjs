// Says what is missing before anything else can fail in a less readable way.
// Written for any Node, however old: no syntax or API newer than 2015.
const fs = require("fs");
const path = require("path");

const [major, minor] = process.versions.node.split(".").map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(
    "rehearsal needs Node.js 20.19 or newer; this is " +
      process.version +
      ". Install a newer one from https://nodejs.org.",
  );
  process.exit(2);
}
const root = path.join(__dirname, "..");
const installed = path.join(root, "node_modules", ".package-lock.json");
if (!fs.existsSync(installed)) {
  console.error("The dependencies are not installed. Run `npm ci` in " + root + " first.");
  process.exit(2);
}
// NODE_ENV=production makes npm leave out what it takes to build.
if (!fs.existsSync(path.join(root, "node_modules", "typescript"))) {
  console.error("What it takes to build is not installed. Run `npm ci --include=dev` in " + root + " first.");
  process.exit(2);
}
