import { suites } from "./suites.ts";

const [suite = "", name = ""] = process.argv.slice(2);
const report = await suites[suite]?.[name]?.full();
process.send?.(report, () => process.disconnect());
