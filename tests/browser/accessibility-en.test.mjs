import { everyPageIn } from "./lib/accessibility.mjs";

everyPageIn("en");
