//! Text into lines: cleaning, measuring, breaking.

use super::typeface::{Face, REPLACEMENT};
use krilla::text::{GlyphId, KrillaGlyph};
use std::ops::Range;
use unicode_normalization::UnicodeNormalization;

/// One line as it is drawn. `glyphs` point into `text`, and their advances are shares of the font size.
#[derive(Clone, Debug)]
pub(super) struct Line {
    pub text: String,
    pub glyphs: Vec<KrillaGlyph>,
    /// Width in points, without the space at its end.
    pub width: f32,
}

/// Composed (NFC), with line breaks as `\n`, other white space as a space, and without what a printed page cannot show:
/// control and formatting characters. Private-use characters and noncharacters have no meaning outside their own
/// system (and PDF/A-2a forbids the former), so they become U+FFFD.
pub(super) fn cleaned(text: &str) -> String {
    let unified = text.replace("\r\n", "\n");
    unified.nfc().filter_map(printable).collect()
}

fn printable(c: char) -> Option<char> {
    match c {
        '\n' | '\r' | '\u{b}' | '\u{c}' | '\u{85}' | '\u{2028}' | '\u{2029}' => Some('\n'),
        // Kept: they forbid a break, and the font has them.
        '\u{a0}' | '\u{202f}' => Some(c),
        _ if c.is_whitespace() => Some(' '),
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' => None,
        '\u{2060}'..='\u{206f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' => None,
        '\u{e0000}'..='\u{e0fff}' => None,
        '\u{e000}'..='\u{f8ff}' | '\u{f0000}'..='\u{10ffff}' | '\u{fdd0}'..='\u{fdef}' => Some(REPLACEMENT),
        _ if u32::from(c) & 0xfffe == 0xfffe => Some(REPLACEMENT),
        _ if c.is_control() => None,
        _ => Some(c),
    }
}

/// The first line of `text`, at most `limit` characters, never empty: for places that take one short line.
pub(super) fn one_line(text: &str, limit: usize) -> String {
    let line: String = cleaned(text).trim().chars().map(|c| if c == '\n' { ' ' } else { c }).take(limit).collect();
    if line.is_empty() { "–".to_owned() } else { line }
}

/// How wide `text` would be on one line, and its widest word.
pub(super) fn natural_widths(face: &Face, size: f32, text: &str) -> (f32, f32) {
    let (mut widest_line, mut widest_word) = (0f32, 0f32);
    for line in cleaned(text).split('\n') {
        let mut whole = 0.0;
        let mut word = 0.0;
        for c in line.trim_end().chars() {
            let advance = face.shape(c).advance * size;
            whole += advance;
            word = if c == ' ' { 0.0 } else { word + advance };
            widest_word = widest_word.max(word);
        }
        widest_line = widest_line.max(whole);
    }
    (widest_line, widest_word)
}

struct Piece {
    c: char,
    glyph: GlyphId,
    advance: f32,
}

/// Breaks `text` to `width` points: at line breaks, after spaces, after a hyphen between letters, and within a word only
/// when it would not fit on a line of its own. The result always has at least one line, and every line at least one
/// glyph, so that a tag has something to hold.
pub(super) fn break_lines(face: &Face, size: f32, width: f32, text: &str) -> Vec<Line> {
    let clean = cleaned(text);
    let clean = clean.trim_end();
    let mut lines = Vec::new();
    for paragraph in clean.split('\n') {
        let pieces: Vec<Piece> = paragraph
            .trim_end()
            .chars()
            .map(|c| {
                let shape = face.shape(c);
                Piece { c, glyph: shape.glyph, advance: shape.advance }
            })
            .collect();
        if pieces.is_empty() {
            lines.push(line(face, &[], size));
        }
        let mut start = 0;
        while start < pieces.len() {
            let end = line_end(&pieces, start, width / size);
            lines.push(line(face, pieces.get(start..end).unwrap_or_default(), size));
            start = end;
        }
    }
    lines
}

/// Where the line that begins at `start` ends; always beyond `start`.
fn line_end(pieces: &[Piece], start: usize, room: f32) -> usize {
    let mut used = 0.0;
    let mut chance = None;
    for (i, piece) in pieces.iter().enumerate().skip(start) {
        if piece.c == ' ' {
            // Hangs beyond the margin when it is the last on its line.
            used += piece.advance;
            chance = Some(i + 1);
            continue;
        }
        if used + piece.advance > room && i > start {
            return chance.unwrap_or(i);
        }
        used += piece.advance;
        if is_hyphen_between_letters(pieces, i) {
            chance = Some(i + 1);
        }
    }
    pieces.len()
}

/// Dates, telephone numbers and case references are not to be torn apart at their hyphens.
fn is_hyphen_between_letters(pieces: &[Piece], i: usize) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| pieces.get(at)).is_some_and(|p| p.c.is_alphabetic());
    pieces.get(i).is_some_and(|p| matches!(p.c, '-' | '\u{2010}' | '\u{2013}'))
        && letter(i.checked_sub(1))
        && letter(Some(i + 1))
}

fn line(face: &Face, pieces: &[Piece], size: f32) -> Line {
    let mut text = String::new();
    let mut glyphs = Vec::with_capacity(pieces.len().max(1));
    let mut width = 0.0;
    let mut inked = 0.0;
    for piece in pieces {
        let from = text.len();
        text.push(piece.c);
        glyphs.push(glyph(piece.glyph, from..text.len(), piece.advance));
        width += piece.advance;
        if piece.c != ' ' {
            inked = width;
        }
    }
    if glyphs.is_empty() {
        let space = face.shape(' ');
        text.push(' ');
        glyphs.push(glyph(space.glyph, 0..1, space.advance));
    }
    Line { text, glyphs, width: inked * size }
}

fn glyph(glyph_id: GlyphId, text_range: Range<usize>, x_advance: f32) -> KrillaGlyph {
    KrillaGlyph { glyph_id, text_range, x_advance, x_offset: 0.0, y_offset: 0.0, y_advance: 0.0, location: None }
}

#[cfg(test)]
mod tests {
    use super::super::typeface::Faces;
    use super::*;

    fn broken(text: &str, width: f32) -> Vec<String> {
        let face = &Faces::get().unwrap().regular;
        break_lines(face, 10.0, width, text).into_iter().map(|l| l.text.trim_end().to_owned()).collect()
    }

    #[test]
    fn breaks_at_spaces_and_between_letters_at_hyphens() {
        assert_eq!(broken("ett två tre", 40.0), ["ett två", "tre"]);
        assert_eq!(broken("barn-omsorg", 40.0), ["barn-", "omsorg"]);
        assert_eq!(broken("från 2026-07-01", 70.0), ["från", "2026-07-01"]);
        assert_eq!(broken("rad\r\n\r\nrad", 70.0), ["rad", "", "rad"]);
    }

    #[test]
    fn a_word_too_long_for_a_line_is_cut_and_no_line_is_wider_than_the_room() {
        let face = &Faces::get().unwrap().regular;
        let word = "å".repeat(10_000);
        let lines = break_lines(face, 10.0, 200.0, &word);
        assert!(lines.iter().all(|l| l.width <= 200.0));
        assert_eq!(lines.iter().map(|l| l.text.as_str()).collect::<String>(), word);
    }

    #[test]
    fn letters_in_two_parts_become_one_and_invisible_characters_go() {
        assert_eq!(cleaned("A\u{30a}sa\u{202e}\u{0}\u{200b}\tB"), "Åsa B");
        assert_eq!(cleaned("\u{e000}\u{ffff}"), "\u{fffd}\u{fffd}");
    }

    proptest::proptest! {
        #[test]
        fn nothing_printable_is_lost(text in "\\PC{0,300}", width in 1f32..500.0) {
            let face = &Faces::get().unwrap().regular;
            let kept: String = break_lines(face, 10.0, width, &text).iter().map(|l| l.text.as_str()).collect();
            let solid = |s: &str| s.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            proptest::prop_assert_eq!(solid(&kept), solid(&cleaned(&text)));
        }
    }
}
