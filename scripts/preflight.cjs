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
const installed = path.join(__dirname, "..", "node_modules", ".package-lock.json");
if (!fs.existsSync(installed)) {
  console.error("The dependencies are not installed. Run `npm ci` in " + path.join(__dirname, "..") + " first.");
  process.exit(2);
}
