//! All SQL of staff and units.

use super::{Member, Unit};
use crate::db::schema::{staff, units};
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::powers::{self, Power};
use crate::vocabulary::MunicipalitySlug;
use diesel::prelude::*;
use std::collections::BTreeMap;

type Row = (String, String, String, String);

/// The member of staff with this affiliation.
pub fn find(c: &mut Conn, municipality: &MunicipalitySlug, affiliation: &str) -> Result<Option<Member>, DbError> {
    let row: Option<Row> = staff::table
        .filter(staff::municipality.eq(municipality))
        .filter(staff::affiliation.eq(affiliation))
        .select((staff::affiliation, staff::name, staff::title, staff::email))
        .first(c)
        .optional()?;
    let Some(row) = row else { return Ok(None) };
    let held = powers::held(c, municipality, affiliation)?;
    Ok(Some(as_member(municipality, row, held)))
}

fn as_member(municipality: &MunicipalitySlug, (affiliation, name, title, email): Row, held: Vec<Power>) -> Member {
    let (municipality, units, roles) = (municipality.clone(), Vec::new(), Vec::new());
    Member { municipality, affiliation, name, title, email, units, roles, held: Vec::new() }.with(held)
}

/// The names of all who work here or have done, by affiliation.
pub(super) fn everybody(c: &mut Conn, municipality: &MunicipalitySlug) -> Result<BTreeMap<String, String>, DbError> {
    let rows: Vec<(String, String)> =
        staff::table.filter(staff::municipality.eq(municipality)).select((staff::affiliation, staff::name)).load(c)?;
    Ok(rows.into_iter().collect())
}

/// Everybody who works errands of a unit, by name.
pub fn colleagues(c: &mut Conn, municipality: &MunicipalitySlug, unit: &str) -> Result<Vec<Member>, DbError> {
    let rows: Vec<Row> = staff::table
        .filter(staff::municipality.eq(municipality))
        .select((staff::affiliation, staff::name, staff::title, staff::email))
        .load(c)?;
    let mut held = powers::held_by_all(c, municipality)?;
    let mut all: Vec<Member> = rows
        .into_iter()
        .map(|row| {
            let hers = held.remove(&row.0).unwrap_or_default();
            as_member(municipality, row, hers)
        })
        .filter(|m| m.works_in(unit))
        .collect();
    all.sort_by(|a, b| a.name.cmp(&b.name));
    Ok(all)
}

/// Display names by affiliation.
pub fn names_of(
    c: &mut Conn,
    municipality: &MunicipalitySlug,
    affiliations: Vec<String>,
) -> Result<BTreeMap<String, String>, DbError> {
    if affiliations.is_empty() {
        return Ok(BTreeMap::new());
    }
    let rows: Vec<(String, String)> = staff::table
        .filter(staff::municipality.eq(municipality))
        .filter(staff::affiliation.eq_any(affiliations))
        .select((staff::affiliation, staff::name))
        .load(c)?;
    Ok(rows.into_iter().collect())
}

type UnitRow = (String, String, String, String, bool);

fn as_unit((code, name, diary, board, strict): UnitRow) -> Unit {
    Unit { code, name, diary, board, strict }
}

/// One unit.
pub fn unit(c: &mut Conn, municipality: &MunicipalitySlug, code: &str) -> Result<Option<Unit>, DbError> {
    let row: Option<UnitRow> = units::table
        .filter(units::municipality.eq(municipality))
        .filter(units::code.eq(code))
        .select((units::code, units::name, units::diary, units::board, units::strict))
        .first(c)
        .optional()?;
    Ok(row.map(as_unit))
}

/// Every unit, in order of code.
pub fn units_of(c: &mut Conn, municipality: &MunicipalitySlug) -> Result<Vec<Unit>, DbError> {
    let rows: Vec<UnitRow> = units::table
        .filter(units::municipality.eq(municipality))
        .order(units::code)
        .select((units::code, units::name, units::diary, units::board, units::strict))
        .load(c)?;
    Ok(rows.into_iter().map(as_unit).collect())
}

pub(super) fn put_unit(c: &mut Conn, municipality: &MunicipalitySlug, unit: &Unit) -> Result<(), DbError> {
    let values = (
        units::name.eq(&unit.name),
        units::diary.eq(&unit.diary),
        units::board.eq(&unit.board),
        units::strict.eq(unit.strict),
    );
    diesel::insert_into(units::table)
        .values((units::municipality.eq(municipality), units::code.eq(&unit.code), values))
        .on_conflict((units::municipality, units::code))
        .do_update()
        .set(values)
        .each()
        .execute(c)?;
    Ok(())
}

/// Her person. Her roles stand along for processes of the version before; what counts is what [`powers`] holds.
pub(super) fn put_member(c: &mut Conn, member: &Member) -> Result<(), DbError> {
    let values = (
        staff::name.eq(&member.name),
        staff::title.eq(&member.title),
        staff::email.eq(&member.email),
        staff::units.eq(Doc(member.units.clone())),
        staff::roles.eq(Doc(member.roles.clone())),
    );
    diesel::insert_into(staff::table)
        .values((
            staff::municipality.eq(&member.municipality),
            staff::affiliation.eq(&member.affiliation),
            values.clone(),
        ))
        .on_conflict((staff::municipality, staff::affiliation))
        .do_update()
        .set(values)
        .each()
        .execute(c)?;
    Ok(())
}
