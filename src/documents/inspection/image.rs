//! Images are decoded whole, after their declared size was found bearable.

use std::io::Cursor;

use image::error::ImageError;
use image::{ImageDecoder, ImageFormat, ImageReader, Limits};

use super::{Extent, FileKind, MOST_PIXELS, UploadRefusal};

/// The most memory for the decoded picture: 40 million pixels of five bytes.
const MOST_BYTES: u64 = 200_000_000;

pub(super) fn inspect(bytes: &[u8], kind: FileKind) -> Result<Extent, UploadRefusal> {
    let format = match kind {
        FileKind::Jpeg => ImageFormat::Jpeg,
        FileKind::Png => ImageFormat::Png,
        FileKind::Pdf => return Err(UploadRefusal::Damaged { kind }),
    };
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_BYTES);
    reader.limits(limits);
    let decoder = reader.into_decoder().map_err(|error| refusal(&error, kind))?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > MOST_PIXELS {
        return Err(UploadRefusal::TooManyPixels { width, height, limit_pixels: MOST_PIXELS });
    }
    let needed = usize::try_from(decoder.total_bytes().min(MOST_BYTES + 1)).unwrap_or(usize::MAX);
    if needed as u64 > MOST_BYTES {
        return Err(UploadRefusal::TooComplex { kind });
    }
    decoder.read_image(&mut vec![0; needed]).map_err(|error| refusal(&error, kind))?;
    Ok(Extent::Pixels(width, height))
}

fn refusal(error: &ImageError, kind: FileKind) -> UploadRefusal {
    match error {
        ImageError::Limits(_) => UploadRefusal::TooComplex { kind },
        _ => UploadRefusal::Damaged { kind },
    }
}
