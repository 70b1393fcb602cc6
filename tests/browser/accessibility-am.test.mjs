import { everyPageIn } from "./lib/accessibility.mjs";

everyPageIn("am");
