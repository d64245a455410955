// Everything here is an extra: each page works without it.
import { dropFiles } from "./file-drop.js";
import { stepQuantities } from "./quantity.js";
import { sendOnce } from "./send-once.js";
import { copyCodes } from "./copy.js";
import { printSheets } from "./print.js";
import { closeSheets } from "./sheet.js";

for (const upgrade of [dropFiles, stepQuantities, sendOnce, copyCodes, printSheets, closeSheets]) upgrade(document);
