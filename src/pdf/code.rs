//! A QR code (ISO/IEC 18004) as dark squares.

use super::PdfError;
use qrcode::{Color, EcLevel, QrCode};

/// Squares in rows; dark ones are true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Squares {
    /// On each side.
    pub count: usize,
    dark: Vec<bool>,
}

impl Squares {
    /// With a quarter of it to spare: a receipt is folded and copied.
    pub fn of(content: &str) -> Result<Self, PdfError> {
        let code = QrCode::with_error_correction_level(content, EcLevel::Q).map_err(|_| PdfError::Code)?;
        let dark = code.to_colors().into_iter().map(|c| c == Color::Dark).collect();
        Ok(Self { count: code.width(), dark })
    }

    /// Dark stretches: row, first square, how many.
    pub fn stretches(&self) -> Vec<(usize, usize, usize)> {
        let mut found = Vec::new();
        for (row, squares) in self.dark.chunks(self.count.max(1)).enumerate() {
            let mut place = 0;
            for stretch in squares.chunk_by(|a, b| a == b) {
                if stretch.first() == Some(&true) {
                    found.push((row, place, stretch.len()));
                }
                place += stretch.len();
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_has_its_three_finders_and_a_light_edge_between() {
        let squares = Squares::of("https://e.orkelljunga.se/kvitto/0123456789ABCDEF").unwrap();
        assert_eq!(squares.count, 33);
        let stretches = squares.stretches();
        let last = squares.count - 7;
        for (row, first) in [(0, 0), (6, 0), (0, last), (6, last), (last, 0), (squares.count - 1, 0)] {
            assert!(stretches.contains(&(row, first, 7)), "{row} {first}");
        }
        assert!(stretches.iter().all(|(_, first, count)| first + count <= squares.count));
        assert!(Squares::of(&"x".repeat(5000)).is_err());
    }
}
