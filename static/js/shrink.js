// A photo of many megapixels is made smaller before it is sent: on a slow line that is a minute saved. What the browser
// cannot read is sent as it is; the server says what is wrong with it.
const LONGEST = 2600; // pixels
const SMALL = 1_000_000; // bytes: not worth the trouble
const QUALITY = 0.88;

export async function shrunk(files) {
  const made = new DataTransfer();
  for (const file of files) made.items.add(await smaller(file));
  return made.files;
}

async function smaller(file) {
  if (file.size <= SMALL) return file;
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const jpeg = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!jpeg || jpeg.size >= file.size) return file;
  return new File([jpeg], file.name.replace(/\.\w+$/, ".jpg"), { type: jpeg.type });
}
