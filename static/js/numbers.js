// Numbers in the way of the page's language, as the server writes them.
const format = (options) => new Intl.NumberFormat(document.documentElement.lang, options);

export function yuan(fen) {
  const amount = format({ minimumFractionDigits: 2 }).format(Math.abs(fen) / 100);
  return `${fen < 0 ? "−" : ""}¥${amount}`;
}

export function percent(points) {
  return format({ style: "percent" }).format(points / 100);
}

export function fileSize(bytes) {
  const [amount, unit, digits] = bytes < 1024 ** 2 ? [bytes / 1024, "kilobyte", 0] : [bytes / 1024 ** 2, "megabyte", 1];
  return format({ style: "unit", unit, minimumFractionDigits: digits, maximumFractionDigits: digits }).format(amount);
}
