//! Blocks to lines with a place on a page, and the tree that says what each line is.

use super::code::Squares;
use super::lines::{Line, break_lines, one_line};
use super::typeface::{Face, Faces};
use super::{Block, Document, PdfError, table};

// A4 in points, with margins of 25 mm.
pub(super) const PAGE_WIDTH: f32 = 595.28;
pub(super) const PAGE_HEIGHT: f32 = 841.89;
pub(super) const MARGIN: f32 = 70.87;
pub(super) const TEXT_WIDTH: f32 = PAGE_WIDTH - 2.0 * MARGIN;
/// Of a QR code: about 33 mm, which telephones read from a sheet on a table.
pub(super) const CODE_SIDE: f32 = 94.0;
const TOP: f32 = 85.0;
const BOTTOM: f32 = PAGE_HEIGHT - 85.0;

/// How a line looks.
#[derive(Clone, Copy, Debug)]
pub(super) struct Style {
    pub size: f32,
    pub bold: bool,
    pub grey: bool,
}

pub(super) const BODY: Style = Style { size: 10.5, bold: false, grey: false };
pub(super) const STRONG: Style = Style { size: 9.5, bold: true, grey: false };
pub(super) const LABEL: Style = Style { size: 8.5, bold: true, grey: true };
pub(super) const SMALL: Style = Style { size: 8.5, bold: false, grey: true };
const TITLE: Style = Style { size: 20.0, bold: true, grey: false };

impl Style {
    /// From one line to the next.
    pub fn leading(self) -> f32 {
        self.size * if self.size > 14.0 { 1.25 } else { 1.42 }
    }

    /// From the top of the line to the feet of its letters; the font reaches 1.069 above and 0.293 below.
    fn baseline(self) -> f32 {
        (self.leading() - 1.362 * self.size) / 2.0 + 1.069 * self.size
    }

    pub fn face(self, faces: &Faces) -> &Face {
        if self.bold { &faces.bold } else { &faces.regular }
    }
}

/// What a part of the document is, for who cannot see it (ISO 32000-1, 14.8.4).
#[derive(Clone, Debug)]
pub(super) enum Role {
    Heading { level: u16, title: String },
    Paragraph,
    List { bullets: bool },
    Item,
    Label,
    ItemBody,
    Table,
    TableHead,
    TableBody,
    Row,
    HeadCell,
    Cell,
    Figure { alt: String },
}

/// Index of a [`Part`] in [`Layout::parts`].
pub(super) type PartId = usize;

#[derive(Debug)]
pub(super) struct Part {
    pub role: Role,
    pub kids: Vec<PartId>,
}

/// Something with a place on a page.
#[derive(Debug)]
pub(super) enum Mark {
    /// `of` is the part that the line belongs to; `None` for what is only decoration.
    Text {
        of: Option<PartId>,
        x: f32,
        baseline: f32,
        style: Style,
        line: Line,
    },
    Rule {
        y: f32,
    },
    Squares {
        of: PartId,
        y: f32,
        squares: Squares,
    },
}

/// A heading for the table of contents.
#[derive(Debug)]
pub(super) struct Entry {
    pub level: u16,
    pub title: String,
    pub page: usize,
    pub y: f32,
}

#[derive(Debug, Default)]
pub(super) struct Layout {
    pub pages: Vec<Vec<Mark>>,
    pub parts: Vec<Part>,
    /// Parts that lie directly in the document.
    pub roots: Vec<PartId>,
    pub entries: Vec<Entry>,
}

/// Where the next line goes.
pub(super) struct Flow<'a> {
    pub faces: &'a Faces,
    layout: Layout,
    y: f32,
}

pub(super) fn lay_out(document: &Document, faces: &Faces) -> Result<Layout, PdfError> {
    let mut flow = Flow { faces, layout: Layout { pages: vec![Vec::new()], ..Layout::default() }, y: TOP };
    flow.heading(1, &one_line(&document.title, 2000), TITLE);
    flow.gap(2.0);
    flow.rule();
    for block in &document.blocks {
        flow.block(block)?;
    }
    Ok(flow.layout)
}

impl Flow<'_> {
    fn block(&mut self, block: &Block) -> Result<(), PdfError> {
        match block {
            Block::Heading { level, text } => {
                let before = self.layout.entries.last().map_or(1, |e| e.level);
                let level = u16::from(*level).clamp(2, 4).min(before + 1);
                let size = match level {
                    2 => 14.0,
                    3 => 11.5,
                    _ => 10.5,
                };
                self.gap(size * 0.75);
                self.heading(level, text, Style { size, bold: true, grey: false });
            }
            Block::Paragraph(text) => {
                let part = self.part(None, Role::Paragraph);
                self.text(part, MARGIN, TEXT_WIDTH, BODY, text);
                self.gap(5.0);
            }
            Block::KeyValues(pairs) => self.key_values(pairs),
            Block::List(items) => self.list(items),
            Block::Table { head, rows } => table::lay_out(self, head, rows),
            Block::Code { content, alt, lines } => self.code(Squares::of(content)?, alt, lines),
            Block::Rule => self.rule(),
            Block::Spacer => self.gap(BODY.leading() / 2.0),
        }
        Ok(())
    }

    /// The picture at the left, the lines at its right.
    fn code(&mut self, squares: Squares, alt: &str, lines: &[String]) {
        self.keep(CODE_SIDE + 6.0);
        let of = self.part(None, Role::Figure { alt: one_line(alt, 500) });
        let top = self.y;
        if let Some(page) = self.layout.pages.last_mut() {
            page.push(Mark::Squares { of, y: top, squares });
        }
        let beside = CODE_SIDE + 16.0;
        for (place, text) in lines.iter().enumerate() {
            let style = if place == 0 { STRONG } else { BODY };
            let part = self.part(None, Role::Paragraph);
            self.text(part, MARGIN + beside, TEXT_WIDTH - beside, style, text);
        }
        self.y = self.y.max(top + CODE_SIDE);
        self.gap(8.0);
    }

    fn heading(&mut self, level: u16, text: &str, style: Style) {
        let title = one_line(text, 300);
        let lines = break_lines(style.face(self.faces), style.size, TEXT_WIDTH, text);
        let height = lines.len() as f32 * style.leading();
        // With at least two lines of what it is the heading of.
        self.keep(height + 2.0 * BODY.leading() + 6.0);
        let page = self.layout.pages.len() - 1;
        self.layout.entries.push(Entry { level, title: title.clone(), page, y: self.y });
        let part = self.part(None, Role::Heading { level, title });
        self.lines(Some(part), MARGIN, style, lines);
        self.gap(style.size * 0.3);
    }

    fn key_values(&mut self, pairs: &[(String, Vec<String>)]) {
        if pairs.is_empty() {
            return;
        }
        let list = self.part(None, Role::List { bullets: false });
        for (label, values) in pairs {
            let item = self.part(Some(list), Role::Item);
            let label_part = self.part(Some(item), Role::Label);
            let lines = break_lines(LABEL.face(self.faces), LABEL.size, TEXT_WIDTH, label);
            self.keep(lines.len() as f32 * LABEL.leading() + BODY.leading());
            self.lines(Some(label_part), MARGIN, LABEL, lines);
            if !values.is_empty() {
                let body = self.part(Some(item), Role::ItemBody);
                for value in values {
                    self.text(body, MARGIN, TEXT_WIDTH, BODY, value);
                }
            }
            self.gap(6.0);
        }
    }

    fn list(&mut self, items: &[String]) {
        if items.is_empty() {
            return;
        }
        let list = self.part(None, Role::List { bullets: true });
        for text in items {
            let item = self.part(Some(list), Role::Item);
            let bullet = self.part(Some(item), Role::Label);
            let body = self.part(Some(item), Role::ItemBody);
            self.keep(BODY.leading());
            let dot = break_lines(BODY.face(self.faces), BODY.size, 14.0, "•");
            self.lines(Some(bullet), MARGIN, BODY, dot);
            // Beside its bullet, not beneath it.
            self.y -= BODY.leading();
            self.text(body, MARGIN + 14.0, TEXT_WIDTH - 14.0, BODY, text);
            self.gap(2.0);
        }
        self.gap(3.0);
    }

    pub fn part(&mut self, parent: Option<PartId>, role: Role) -> PartId {
        let id = self.layout.parts.len();
        self.layout.parts.push(Part { role, kids: Vec::new() });
        match parent.and_then(|p| self.layout.parts.get_mut(p)) {
            Some(parent) => parent.kids.push(id),
            None => self.layout.roots.push(id),
        }
        id
    }

    fn text(&mut self, of: PartId, x: f32, width: f32, style: Style, text: &str) {
        let lines = break_lines(style.face(self.faces), style.size, width, text);
        self.lines(Some(of), x, style, lines);
    }

    fn lines(&mut self, of: Option<PartId>, x: f32, style: Style, lines: Vec<Line>) {
        for line in lines {
            self.keep(style.leading());
            self.place(of, x, 0.0, style, line);
            self.y += style.leading();
        }
    }

    /// Puts a line `down` points below the current place, which stays.
    pub fn place(&mut self, of: Option<PartId>, x: f32, down: f32, style: Style, line: Line) {
        let baseline = self.y + down + style.baseline();
        if let Some(page) = self.layout.pages.last_mut() {
            page.push(Mark::Text { of, x, baseline, style, line });
        }
    }

    pub fn rule(&mut self) {
        let y = self.y;
        if let Some(page) = self.layout.pages.last_mut() {
            page.push(Mark::Rule { y });
        }
        self.gap(8.0);
    }

    /// A line across that takes no room.
    pub fn hairline(&mut self) {
        let y = self.y;
        if let Some(page) = self.layout.pages.last_mut() {
            page.push(Mark::Rule { y });
        }
    }

    /// Empty space; none at the top of a page.
    pub fn gap(&mut self, height: f32) {
        if self.y > TOP {
            self.y += height;
        }
    }

    /// Moves down without asking whether there is room.
    pub fn advance(&mut self, height: f32) {
        self.y += height;
    }

    /// Whether `height` fits below the current place.
    pub fn fits(&self, height: f32) -> bool {
        self.y + height <= BOTTOM
    }

    /// Begins a new page unless `height` fits on this one, or would fit on no page.
    fn keep(&mut self, height: f32) {
        if !self.fits(height.min(BOTTOM - TOP)) && self.y > TOP {
            self.new_page();
        }
    }

    /// How much a page holds.
    pub fn page_room() -> f32 {
        BOTTOM - TOP
    }

    pub fn new_page(&mut self) {
        self.layout.pages.push(Vec::new());
        self.y = TOP;
    }
}
