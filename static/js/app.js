// Everything here is an extra: each page works without it.
import { dropFiles } from "./file-drop.js";
import { stepQuantities } from "./quantity.js";
import { sendOnce } from "./send-once.js";
import { copyCodes } from "./copy.js";
import { pasteIntoFields } from "./paste.js";
import { shareGoods } from "./share.js";
import { printSheets } from "./print.js";
import { closeSheets } from "./sheet.js";
import { reckonMarket } from "./market.js";
import { askInDialogs } from "./confirm.js";
import { putAwayToasts } from "./toast.js";
import { pressKeys } from "./keys.js";
import { insertReasons } from "./reasons.js";
import { walkGalleries } from "./gallery.js";
import { openPictures } from "./zoom.js";
import { readyChoices, reckonSums, sendChoices } from "./reckon.js";
import { countDown } from "./countdown.js";
import { waitToPress } from "./wait.js";
import { swapRegions } from "./swap.js";
import { checkWords } from "./check.js";
import { filterAtOnce, tickRows } from "./tick.js";
import { watchProgress } from "./watch.js";
import { arrangeAlbums } from "./album.js";
import { sendEach } from "./send-each.js";
import { addUpMatrix } from "./matrix.js";
import { suggestGoods } from "./suggest.js";
import { askByPhoto } from "./photo-search.js";

const upgrades = [
  dropFiles,
  stepQuantities,
  sendOnce,
  copyCodes,
  shareGoods,
  pasteIntoFields,
  printSheets,
  closeSheets,
  reckonMarket,
  askInDialogs,
  putAwayToasts,
  pressKeys,
  insertReasons,
  walkGalleries,
  openPictures,
  reckonSums,
  sendChoices,
  countDown,
  waitToPress,
  tickRows,
  filterAtOnce,
  checkWords,
  watchProgress,
  arrangeAlbums,
  sendEach,
  addUpMatrix,
  suggestGoods,
  askByPhoto,
];
for (const upgrade of upgrades) upgrade(document);
swapRegions(document, (region) => {
  stepQuantities(region);
  readyChoices(region);
});
