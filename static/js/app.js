// Everything here is an extra: each page works without it.
import { dropFiles } from "./file-drop.js";
import { stepQuantities } from "./quantity.js";
import { sendOnce } from "./send-once.js";
import { copyCodes } from "./copy.js";
import { pasteIntoFields } from "./paste.js";
import { printSheets } from "./print.js";
import { closeSheets } from "./sheet.js";
import { reckonMarket } from "./market.js";
import { askInDialogs } from "./confirm.js";
import { putAwayToasts } from "./toast.js";
import { pressKeys } from "./keys.js";

const upgrades = [
  dropFiles,
  stepQuantities,
  sendOnce,
  copyCodes,
  pasteIntoFields,
  printSheets,
  closeSheets,
  reckonMarket,
  askInDialogs,
  putAwayToasts,
  pressKeys,
];
for (const upgrade of upgrades) upgrade(document);
