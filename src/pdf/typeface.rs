//! The two faces of the document font: which glyph a character is, and how wide.

use krilla::text::{Font, GlyphId};
use skrifa::instance::{LocationRef, Size};
use skrifa::{FontRef, MetadataProvider};
use std::collections::HashMap;
use std::sync::LazyLock;

/// U+FFFD, shown where the font has no glyph for a character.
pub(super) const REPLACEMENT: char = '\u{FFFD}';

static FACES: LazyLock<Option<Faces>> = LazyLock::new(|| {
    Some(Faces {
        regular: Face::load(include_bytes!("../../assets/fonts/NotoSans-Regular.ttf"))?,
        bold: Face::load(include_bytes!("../../assets/fonts/NotoSans-Bold.ttf"))?,
    })
});

/// Regular and bold.
pub(super) struct Faces {
    pub regular: Face,
    pub bold: Face,
}

impl Faces {
    /// Read once for the process; `None` only if the built-in files were damaged.
    pub fn get() -> Option<&'static Faces> {
        FACES.as_ref()
    }
}

/// A glyph with its advance as a share of the font size.
#[derive(Clone, Copy, Debug)]
pub(super) struct Shape {
    pub glyph: GlyphId,
    pub advance: f32,
}

/// One weight of the font.
pub(super) struct Face {
    pub font: Font,
    shapes: HashMap<char, Shape>,
    replacement: Shape,
}

impl Face {
    fn load(data: &'static [u8]) -> Option<Face> {
        let font = FontRef::new(data).ok()?;
        let metrics = font.glyph_metrics(Size::new(1.0), LocationRef::default());
        let shapes: HashMap<char, Shape> = font
            .charmap()
            .mappings()
            .filter(|(_, glyph)| glyph.to_u32() != 0)
            .filter_map(|(code, glyph)| {
                let shape = Shape { glyph: GlyphId::new(glyph.to_u32()), advance: metrics.advance_width(glyph)? };
                Some((char::from_u32(code)?, shape))
            })
            .collect();
        let replacement = *shapes.get(&REPLACEMENT)?;
        Some(Face { font: Font::new(data.into(), 0)?, shapes, replacement })
    }

    /// The glyph for `c`, or the replacement's. Never `.notdef`, which PDF/A forbids (ISO 19005-2, 6.2.11.8).
    pub fn shape(&self, c: char) -> Shape {
        self.shapes.get(&c).copied().unwrap_or(self.replacement)
    }
}
