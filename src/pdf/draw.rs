//! Placed lines to pages, tags, table of contents and metadata.

use super::code::Squares;
use super::layout::{
    CODE_SIDE, Entry, Layout, MARGIN, Mark, PAGE_HEIGHT, PAGE_WIDTH, Part, PartId, Role, SMALL, Style, TEXT_WIDTH,
};
use super::lines::{Line, break_lines, one_line};
use super::typeface::Faces;
use super::{Document, PdfError};
use crate::vocabulary::At;
use krilla::SerializeSettings;
use krilla::color::luma;
use krilla::configure::{Accessibility, PdfVersion};
use krilla::configure::{Archival, ConfigurationBuilder};
use krilla::destination::XyzDestination;
use krilla::error::KrillaError;
use krilla::geom::{PathBuilder, Point, Rect};
use krilla::metadata::{DateTime, Metadata};
use krilla::outline::{Outline, OutlineNode};
use krilla::page::PageSettings;
use krilla::paint::Fill;
use krilla::surface::Surface;
use krilla::tagging::{
    Artifact, ArtifactType, ContentTag, Identifier, ListNumbering, SpanTag, TableHeaderScope, Tag, TagGroup, TagKind,
    TagTree,
};
use std::num::NonZeroU16;

// Against white, 7 to 1: WCAG 2.2, 1.4.6.
const GREY: u8 = 0x59;
const HAIRLINE_GREY: u8 = 0xb0;
/// For metadata; PDF/A allows strings of 32 767 bytes.
const SHORT: usize = 300;

pub(super) fn draw(document: &Document, faces: &Faces, layout: Layout) -> Result<Vec<u8>, PdfError> {
    let refused = |e: &dyn std::fmt::Debug| PdfError::Refused(format!("{e:?}"));
    let configuration = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_archival_validator(Archival::A2_A)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|e| refused(&e))?;
    let mut pdf = krilla::Document::new_with(SerializeSettings { configuration, ..SerializeSettings::default() });
    let language = one_line(&document.language, 35);
    pdf.set_metadata(metadata(document, &language));

    let Layout { pages, parts, roots, entries } = layout;
    let mut content: Vec<Vec<Identifier>> = parts.iter().map(|_| Vec::new()).collect();
    let count = pages.len();
    for (index, marks) in pages.into_iter().enumerate() {
        let settings = PageSettings::from_wh(PAGE_WIDTH, PAGE_HEIGHT).ok_or(PdfError::Typeface)?;
        let mut page = pdf.start_page_with(settings);
        let mut surface = page.surface();
        running_lines(&mut surface, document, faces, index + 1, count);
        for mark in marks {
            match mark {
                Mark::Rule { y } => rule(&mut surface, y),
                Mark::Squares { of, y, squares } => {
                    let identifier = code(&mut surface, y, &squares);
                    if let Some(held) = content.get_mut(of) {
                        held.push(identifier);
                    }
                }
                Mark::Text { of, x, baseline, style, line } => {
                    let tag = match of {
                        Some(_) => ContentTag::Span(SpanTag::empty()),
                        None => ContentTag::Artifact(Artifact::with_kind(ArtifactType::PaginationOther)),
                    };
                    let identifier = text(&mut surface, tag, faces, x, baseline, style, &line);
                    if let Some(held) = of.and_then(|of| content.get_mut(of)) {
                        held.push(identifier);
                    }
                }
            }
        }
        surface.finish();
        page.finish();
    }

    let mut tree = TagTree::new().with_lang(Some(language));
    for root in roots {
        if let Some(group) = group(&parts, &content, root) {
            tree.push(group);
        }
    }
    pdf.set_tag_tree(tree);
    pdf.set_outline(outline(&entries));
    pdf.finish().map_err(|e| match e {
        KrillaError::Validation(faults) => {
            PdfError::Refused(faults.iter().map(|(fault, _)| fault_name(fault)).collect::<Vec<_>>().join(", "))
        }
        other => PdfError::Refused(other.to_string()),
    })
}

/// The rule that was broken, without the text that broke it: it may be somebody's.
fn fault_name(fault: &krilla::configure::ValidationError) -> String {
    format!("{fault:?}").chars().take_while(|c| c.is_alphanumeric()).collect()
}

fn metadata(document: &Document, language: &str) -> Metadata {
    let keywords = if document.keywords.is_empty() { Vec::new() } else { vec![document.keywords.clone()] };
    Metadata::new()
        .keywords(keywords)
        .title(one_line(&document.title, SHORT))
        .authors(vec![one_line(&document.author, SHORT)])
        .language(language.to_owned())
        .creator("Kommunportal".to_owned())
        .producer("Kommunportal".to_owned())
        .creation_date(date(document.created))
}

fn date(at: At) -> DateTime {
    let there = at.in_sweden();
    let part = |n: i8| u8::try_from(n).unwrap_or(0);
    let offset_minutes = there.offset().seconds() / 60;
    DateTime::new(u16::try_from(there.year()).unwrap_or(0))
        .month(part(there.month()))
        .day(part(there.day()))
        .hour(part(there.hour()))
        .minute(part(there.minute()))
        .second(part(there.second()))
        .utc_offset_hour(i8::try_from(offset_minutes / 60).unwrap_or(0))
        .utc_offset_minute(u8::try_from(offset_minutes % 60).unwrap_or(0))
}

/// Header and footer. They are artifacts: a screen reader does not read them between two paragraphs.
fn running_lines(surface: &mut Surface<'_>, document: &Document, faces: &Faces, page: usize, pages: usize) {
    let number = document.page_label.replace("{page}", &page.to_string()).replace("{pages}", &pages.to_string());
    let face = SMALL.face(faces);
    let single = |text: &str, width: f32| {
        // An empty one stays away altogether.
        let wanted = !text.trim().is_empty();
        wanted.then(|| break_lines(face, SMALL.size, width, &one_line(text, SHORT)).into_iter().next()).flatten()
    };
    let mut put = |kind, line: Option<Line>, at_right: bool, baseline: f32| {
        if let Some(line) = line {
            let x = if at_right { PAGE_WIDTH - MARGIN - line.width } else { MARGIN };
            text(surface, ContentTag::Artifact(Artifact::with_kind(kind)), faces, x, baseline, SMALL, &line);
        }
    };
    put(ArtifactType::Header, single(&document.header, TEXT_WIDTH), false, 51.0);
    put(ArtifactType::Footer, single(&document.footer, TEXT_WIDTH * 0.7), false, PAGE_HEIGHT - 46.0);
    put(ArtifactType::Footer, single(&number, TEXT_WIDTH * 0.3), true, PAGE_HEIGHT - 46.0);
}

fn text(
    surface: &mut Surface<'_>,
    tag: ContentTag<'_>,
    faces: &Faces,
    x: f32,
    baseline: f32,
    style: Style,
    line: &Line,
) -> Identifier {
    let identifier = surface.start_tagged(tag);
    surface.set_fill(Some(fill(if style.grey { GREY } else { 0 })));
    let font = style.face(faces).font.clone();
    surface.draw_glyphs(Point::from_xy(x, baseline), &line.glyphs, font, &line.text, style.size, false);
    surface.end_tagged();
    identifier
}

fn rule(surface: &mut Surface<'_>, y: f32) {
    let mut path = PathBuilder::new();
    if let Some(rect) = Rect::from_xywh(MARGIN, y, TEXT_WIDTH, 0.6) {
        path.push_rect(rect);
    }
    if let Some(path) = path.finish() {
        surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(ArtifactType::Layout)));
        surface.set_fill(Some(fill(HAIRLINE_GREY)));
        surface.draw_path(&path);
        surface.end_tagged();
    }
}

fn code(surface: &mut Surface<'_>, y: f32, squares: &Squares) -> Identifier {
    let side = CODE_SIDE / squares.count.max(1) as f32;
    let mut path = PathBuilder::new();
    for (row, first, count) in squares.stretches() {
        let (x, top) = (MARGIN + first as f32 * side, y + row as f32 * side);
        if let Some(rect) = Rect::from_xywh(x, top, count as f32 * side, side) {
            path.push_rect(rect);
        }
    }
    let identifier = surface.start_tagged(ContentTag::Other);
    if let Some(path) = path.finish() {
        surface.set_fill(Some(fill(0)));
        surface.draw_path(&path);
    }
    surface.end_tagged();
    identifier
}

fn fill(lightness: u8) -> Fill {
    Fill { paint: luma::Color::new(lightness).into(), ..Fill::default() }
}

/// The tag group of a part with everything in it, or nothing when nothing was drawn for it.
fn group(parts: &[Part], content: &[Vec<Identifier>], id: PartId) -> Option<TagGroup> {
    let part = parts.get(id)?;
    let mut group = TagGroup::new(tag(&part.role));
    for identifier in content.get(id)? {
        group.push(*identifier);
    }
    for kid in &part.kids {
        if let Some(kid) = self::group(parts, content, *kid) {
            group.push(kid);
        }
    }
    (!group.children.is_empty()).then_some(group)
}

fn tag(role: &Role) -> TagKind {
    match role {
        Role::Heading { level, title } => {
            Tag::Hn(NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN), Some(title.clone())).into()
        }
        Role::Paragraph => Tag::P.into(),
        Role::List { bullets: true } => Tag::L(ListNumbering::Disc).into(),
        Role::List { bullets: false } => Tag::L(ListNumbering::None).into(),
        Role::Item => Tag::LI.into(),
        Role::Label => Tag::Lbl.into(),
        Role::ItemBody => Tag::LBody.into(),
        Role::Table => Tag::Table.into(),
        Role::TableHead => Tag::THead.into(),
        Role::TableBody => Tag::TBody.into(),
        Role::Row => Tag::TR.into(),
        Role::HeadCell => Tag::TH(TableHeaderScope::Column).into(),
        Role::Cell => Tag::TD.into(),
        Role::Figure { alt } => Tag::Figure(Some(alt.clone())).into(),
    }
}

/// The title with its sections beneath it; deeper headings are left out.
fn outline(entries: &[Entry]) -> Outline {
    let node = |e: &Entry| OutlineNode::new(e.title.clone(), XyzDestination::new(e.page, Point::from_xy(MARGIN, e.y)));
    let mut outline = Outline::new();
    if let Some(title) = entries.first() {
        let mut root = node(title).with_open(true);
        for entry in entries.iter().filter(|e| e.level == 2) {
            root.push_child(node(entry));
        }
        outline.push_child(root);
    }
    outline
}
