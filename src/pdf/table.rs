//! Tables: how wide the columns are, and rows over pages.

use super::layout::{BODY, Flow, MARGIN, PartId, Role, STRONG, Style, TEXT_WIDTH};
use super::lines::{Line, break_lines, natural_widths};

const CELL: Style = Style { size: 9.5, ..BODY };
const GUTTER: f32 = 10.0;
const PADDING: f32 = 3.0;

struct Column {
    x: f32,
    width: f32,
}

pub(super) fn lay_out(flow: &mut Flow<'_>, head: &[String], rows: &[Vec<String>]) {
    let columns = columns(flow, head, rows);
    if columns.is_empty() {
        return;
    }
    let table = flow.part(None, Role::Table);
    let mut repeated = None;
    if !head.is_empty() {
        let cells = broken(flow, &columns, head, STRONG);
        let first_row = rows.first().map_or(0.0, |row| height(&broken(flow, &columns, row, CELL), CELL));
        if !flow.fits((height(&cells, STRONG) + first_row).min(Flow::page_room())) {
            flow.new_page();
        }
        let group = flow.part(Some(table), Role::TableHead);
        let row = flow.part(Some(group), Role::Row);
        let parts: Vec<_> = cells.iter().map(|_| flow.part(Some(row), Role::HeadCell)).collect();
        place_row(flow, &columns, &cells, STRONG, &parts, None);
        repeated = Some(cells);
    }
    if !rows.is_empty() {
        let group = flow.part(Some(table), Role::TableBody);
        for row in rows {
            let cells = broken(flow, &columns, row, CELL);
            let row = flow.part(Some(group), Role::Row);
            let parts: Vec<_> = cells.iter().map(|_| flow.part(Some(row), Role::Cell)).collect();
            place_row(flow, &columns, &cells, CELL, &parts, repeated.as_deref());
        }
    }
    flow.gap(8.0);
}

/// Each column as wide as its content wants when all fit; otherwise each gets its longest word, as far as that goes, and
/// a share of the rest by what it wants beyond.
fn columns(flow: &Flow<'_>, head: &[String], rows: &[Vec<String>]) -> Vec<Column> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0).max(head.len());
    let mut wanted = vec![(1f32, 1f32); count];
    let styled = std::iter::once((head, STRONG)).chain(rows.iter().map(|row| (row.as_slice(), CELL)));
    for (row, style) in styled {
        for (column, text) in wanted.iter_mut().zip(row) {
            let (line, word) = natural_widths(style.face(flow.faces), style.size, text);
            *column = (column.0.max(line), column.1.max(word));
        }
    }
    let room = (TEXT_WIDTH - GUTTER * count.saturating_sub(1) as f32).max(count as f32);
    let fair = room / count.max(1) as f32;
    let total: f32 = wanted.iter().map(|w| w.0).sum();
    let least: Vec<f32> = wanted.iter().map(|w| w.1.min(fair)).collect();
    let spare = (room - least.iter().sum::<f32>()).max(0.0);
    let beyond: f32 = wanted.iter().zip(&least).map(|(w, l)| (w.0 - l).max(0.0)).sum();
    let mut x = MARGIN;
    let mut columns = Vec::with_capacity(count);
    for (want, least) in wanted.iter().zip(&least) {
        let width = if total <= room {
            want.0 + (room - total) / count as f32
        } else {
            least + spare * ((want.0 - least).max(0.0) / beyond.max(1.0))
        };
        columns.push(Column { x, width });
        x += width + GUTTER;
    }
    columns
}

/// The lines of each cell, with an empty line for a cell that is missing.
fn broken(flow: &Flow<'_>, columns: &[Column], row: &[String], style: Style) -> Vec<Vec<Line>> {
    let texts = row.iter().map(String::as_str).chain(std::iter::repeat(""));
    let face = style.face(flow.faces);
    columns.iter().zip(texts).map(|(column, text)| break_lines(face, style.size, column.width, text)).collect()
}

fn height(cells: &[Vec<Line>], style: Style) -> f32 {
    cells.iter().map(Vec::len).max().unwrap_or(0) as f32 * style.leading() + 2.0 * PADDING
}

/// A row that fits on a page stays whole; a taller one goes on over pages, line by line.
fn place_row(
    flow: &mut Flow<'_>,
    columns: &[Column],
    cells: &[Vec<Line>],
    style: Style,
    parts: &[PartId],
    repeated: Option<&[Vec<Line>]>,
) {
    let whole = height(cells, style);
    let head_height = repeated.map_or(0.0, |head| height(head, STRONG));
    let can_be_whole = whole + head_height <= Flow::page_room();
    if can_be_whole && !flow.fits(whole) {
        next_page(flow, columns, repeated);
    }
    flow.advance(PADDING);
    let lines = cells.iter().map(Vec::len).max().unwrap_or(0);
    for i in 0..lines {
        if !flow.fits(style.leading() + PADDING) {
            next_page(flow, columns, repeated);
            flow.advance(PADDING);
        }
        for ((column, cell), part) in columns.iter().zip(cells).zip(parts) {
            if let Some(line) = cell.get(i) {
                flow.place(Some(*part), column.x, 0.0, style, line.clone());
            }
        }
        flow.advance(style.leading());
    }
    flow.advance(PADDING);
    flow.hairline();
}

/// The head again, for the eye only: the tag tree has it already.
fn next_page(flow: &mut Flow<'_>, columns: &[Column], repeated: Option<&[Vec<Line>]>) {
    flow.new_page();
    // A head that would fill the page is not worth repeating.
    let Some(head) = repeated.filter(|head| height(head, STRONG) < Flow::page_room() / 3.0) else { return };
    flow.advance(PADDING);
    let lines = head.iter().map(Vec::len).max().unwrap_or(0);
    for (column, cell) in columns.iter().zip(head) {
        for (i, line) in cell.iter().enumerate() {
            flow.place(None, column.x, i as f32 * STRONG.leading(), STRONG, line.clone());
        }
    }
    flow.advance(lines as f32 * STRONG.leading() + PADDING);
    flow.hairline();
}
