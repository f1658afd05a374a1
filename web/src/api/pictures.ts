/** More than this the server would scale down anyway; sending it would only take longer. */
const LONGEST_SIDE = 2560;
const QUALITY = 0.85;
const PICTURES = ['image/jpeg', 'image/png', 'image/webp'];

/** The size in which a picture is sent: as it is, or with its longer side cut to the limit. */
export function fitting(width: number, height: number): { width: number; height: number } {
  const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height, 1));
  return { width: Math.round(width * scale), height: Math.round(height * scale) };
}

export const isPicture = (type: string): boolean => PICTURES.includes(type);

/** A large picture made smaller before it is sent; everything else, and what this browser cannot read, as it is. */
export async function shrunk(file: File): Promise<File> {
  if (!isPicture(file.type) || typeof createImageBitmap !== 'function') return file;
  const picture = await createImageBitmap(file).catch(() => null);
  if (!picture) return file;
  try {
    const { width, height } = fitting(picture.width, picture.height);
    if (width === picture.width && height === picture.height) return file;
    const blob = await drawn(picture, width, height);
    if (!blob || blob.size >= file.size) return file;
    return new File([blob], `${file.name.replace(/\.\w+$/, '')}.jpg`, { type: blob.type });
  } finally {
    picture.close();
  }
}

function drawn(picture: ImageBitmap, width: number, height: number): Promise<Blob | null> {
  const canvas = document.createElement('canvas');
  canvas.width = width;
  canvas.height = height;
  canvas.getContext('2d')?.drawImage(picture, 0, 0, width, height);
  return new Promise((done) => canvas.toBlob(done, 'image/jpeg', QUALITY));
}
