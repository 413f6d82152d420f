//! All SQL of staff and units.

use super::{Member, Role, Unit};
use crate::db::schema::{staff, units};
use crate::db::types::Doc;
use crate::db::{Conn, DbError, EachDsl};
use crate::vocabulary::MunicipalitySlug;
use diesel::prelude::*;
use std::collections::BTreeMap;

type Row = (String, String, String, String, Doc<Vec<String>>, Doc<Vec<Role>>);

/// The member of staff with this affiliation.
pub fn find(c: &mut Conn, municipality: &MunicipalitySlug, affiliation: &str) -> Result<Option<Member>, DbError> {
    let row: Option<Row> = staff::table
        .filter(staff::municipality.eq(municipality))
        .filter(staff::affiliation.eq(affiliation))
        .select((staff::affiliation, staff::name, staff::title, staff::email, staff::units, staff::roles))
        .first(c)
        .optional()?;
    Ok(row.map(|row| as_member(municipality, row)))
}

fn as_member(municipality: &MunicipalitySlug, (affiliation, name, title, email, units, roles): Row) -> Member {
    Member { municipality: municipality.clone(), affiliation, name, title, email, units: units.0, roles: roles.0 }
}

/// Everybody who works errands of a unit, by name.
pub fn colleagues(c: &mut Conn, municipality: &MunicipalitySlug, unit: &str) -> Result<Vec<Member>, DbError> {
    let rows: Vec<Row> = staff::table
        .filter(staff::municipality.eq(municipality))
        .select((staff::affiliation, staff::name, staff::title, staff::email, staff::units, staff::roles))
        .load(c)?;
    let mut all: Vec<Member> =
        rows.into_iter().map(|row| as_member(municipality, row)).filter(|m| m.works_in(unit)).collect();
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
