// Everything here is an extra: each page works without it.
import { dropFiles } from "./file-drop.js";
import { stepQuantities } from "./quantity.js";
import { sendOnce } from "./send-once.js";
import { copyCodes } from "./copy.js";
import { closeSheets } from "./sheet.js";
import { reckonMarket } from "./market.js";

for (const upgrade of [dropFiles, stepQuantities, sendOnce, copyCodes, closeSheets, reckonMarket]) upgrade(document);
