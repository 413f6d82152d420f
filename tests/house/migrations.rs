//! Both databases get the same tables, and every step can be taken back.

use super::databases::{Database, with_conn};
use diesel::prelude::*;
use diesel::sql_types::{BigInt, Bool, Text};
use kommunportal::db::{Application, Conn, migrate, pending, revert_all};
use std::collections::{BTreeMap, BTreeSet};

const APPLICATIONS: [(&str, Application); 2] = [("portal", Application::Portal), ("desk", Application::Desk)];

#[test]
fn both_databases_have_migrations_of_the_same_names_in_pairs() {
    for (name, _) in APPLICATIONS {
        let steps = |database: &str| -> BTreeSet<String> {
            let folder = format!("{}/migrations/{name}/{database}", env!("CARGO_MANIFEST_DIR"));
            let folders = std::fs::read_dir(&folder).unwrap().map(|e| e.unwrap().path());
            folders
                .map(|step| {
                    for file in ["up.sql", "down.sql"] {
                        assert!(step.join(file).is_file(), "{} lacks {file}", step.display());
                    }
                    step.file_name().unwrap().to_string_lossy().into_owned()
                })
                .collect()
        };
        assert_eq!(steps("sqlite"), steps("postgres"), "migrations of {name}");
    }
}

#[derive(QueryableByName, Debug)]
struct Column {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = Text)]
    kind: String,
    #[diesel(sql_type = Bool)]
    nullable: bool,
}

#[derive(QueryableByName, Debug)]
struct Key {
    #[diesel(sql_type = Text)]
    table_name: String,
    #[diesel(sql_type = Text)]
    index_name: String,
    #[diesel(sql_type = Text)]
    column_name: String,
    #[diesel(sql_type = BigInt)]
    place: i64,
}

const SQLITE_COLUMNS: &str = "SELECT t.name AS table_name, c.name AS column_name, c.type AS kind, \
    NOT (c.\"notnull\" OR c.pk > 0) AS nullable FROM sqlite_master t, pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND t.name NOT LIKE 'sqlite_%' AND t.name NOT LIKE '__diesel%'";
const POSTGRES_COLUMNS: &str = "SELECT table_name::text, column_name::text, data_type::text AS kind, \
    is_nullable = 'YES' AS nullable FROM information_schema.columns \
    WHERE table_schema = 'public' AND table_name NOT LIKE '\\_\\_diesel%'";
// A rowid that stands for a number of PostgreSQL's has no index: `INTEGER PRIMARY KEY` is added from the columns.
const SQLITE_KEYS: &str = "SELECT t.name AS table_name, i.name AS index_name, k.name AS column_name, \
    CAST(k.seqno AS BIGINT) AS place FROM sqlite_master t, pragma_index_list(t.name) i, pragma_index_info(i.name) k \
    WHERE t.type = 'table' AND i.\"unique\" AND t.name NOT LIKE '\\_\\_diesel%' ESCAPE '\\' \
    UNION ALL SELECT t.name, 'rowid', c.name, 0 FROM sqlite_master t, pragma_table_info(t.name) c \
    WHERE t.type = 'table' AND c.pk > 0 AND c.type = 'INTEGER' AND t.name NOT LIKE 'sqlite_%' \
    AND (SELECT COUNT(*) FROM pragma_table_info(t.name) k WHERE k.pk > 0) = 1";
const POSTGRES_KEYS: &str = "SELECT t.relname::text AS table_name, i.relname::text AS index_name, \
    a.attname::text AS column_name, k.place::bigint AS place \
    FROM pg_index x JOIN pg_class t ON t.oid = x.indrelid JOIN pg_class i ON i.oid = x.indexrelid \
    JOIN pg_namespace n ON n.oid = t.relnamespace AND n.nspname = 'public' \
    CROSS JOIN LATERAL unnest(x.indkey::int[]) WITH ORDINALITY AS k(attnum, place) \
    JOIN pg_attribute a ON a.attrelid = t.oid AND a.attnum = k.attnum \
    WHERE x.indisunique AND t.relname NOT LIKE '\\_\\_diesel%'";

/// What both databases should agree on: columns by what they mean, and sets of columns that are unique.
#[derive(PartialEq, Debug, Default)]
struct Shape {
    columns: BTreeMap<String, String>,
    unique: BTreeSet<String>,
}

/// One word for what is one column type in our Rust.
fn meaning(kind: &str) -> &'static str {
    match kind.to_ascii_lowercase().as_str() {
        // A moment is INTEGER on SQLite and TIMESTAMPTZ on PostgreSQL; yes and no likewise.
        "integer" | "bigint" | "smallint" | "boolean" | "timestamp with time zone" => "number, moment or yes/no",
        "text" => "text",
        "blob" | "bytea" => "bytes",
        "real" | "double precision" => "fraction",
        other => panic!("a column type that nobody agreed on: {other}"),
    }
}

fn shape(conn: &mut Conn) -> Shape {
    let (columns, keys) = match conn {
        Conn::Sqlite(_) => (SQLITE_COLUMNS, SQLITE_KEYS),
        Conn::Postgres(_) => (POSTGRES_COLUMNS, POSTGRES_KEYS),
    };
    let columns: Vec<Column> = diesel::sql_query(columns).load(conn).unwrap();
    let mut keys: Vec<Key> = diesel::sql_query(keys).load(conn).unwrap();
    keys.sort_by_key(|key| key.place);
    let mut unique: BTreeMap<(String, String), Vec<String>> = BTreeMap::new();
    for key in keys {
        unique.entry((key.table_name, key.index_name)).or_default().push(key.column_name);
    }
    Shape {
        columns: columns
            .iter()
            .map(|c| {
                let null = if c.nullable { ", may be missing" } else { "" };
                (format!("{}.{}", c.table_name, c.column_name), format!("{}{null}", meaning(&c.kind)))
            })
            .collect(),
        unique: unique.into_iter().map(|((table, _), columns)| format!("{table} ({})", columns.join(", "))).collect(),
    }
}

fn differences(one: &Shape, other: &Shape) -> Vec<String> {
    let columns = one.columns.iter().filter(|(name, what)| other.columns.get(*name) != Some(what));
    let columns = columns.map(|(name, what)| format!("{name}: {what}, but {:?}", other.columns.get(name)));
    columns.chain(one.unique.difference(&other.unique).map(|key| format!("unique {key} is missing"))).collect()
}

#[test]
fn both_databases_have_the_same_columns_and_unique_keys() {
    for (name, application) in APPLICATIONS {
        let [sqlite, postgres] = [Database::sqlite(), Database::postgres()].map(|database| {
            let database = database.migrated(application);
            with_conn(&database.url, shape)
        });
        assert!(sqlite.columns.len() > 30, "{name} has {} columns", sqlite.columns.len());
        let faults =
            [("on PostgreSQL", differences(&sqlite, &postgres)), ("on SQLite", differences(&postgres, &sqlite))];
        for (place, faults) in faults {
            assert!(faults.is_empty(), "{name}, {place}:\n{}", faults.join("\n"));
        }
    }
}

#[test]
fn every_migration_can_be_taken_back_and_run_again() {
    for (name, application) in APPLICATIONS {
        for database in [Database::sqlite(), Database::postgres()] {
            with_conn(&database.url, move |c| {
                let steps = migrate(c, application).unwrap();
                assert!(steps >= 2, "{name} has {steps} steps");
                let first = shape(c);
                assert_eq!(migrate(c, application).unwrap(), 0, "nothing is left to do");
                assert_eq!(pending(c, application).unwrap(), 0);
                revert_all(c, application).unwrap();
                assert_eq!(shape(c), Shape::default(), "{name}: down.sql leaves nothing");
                assert_eq!(migrate(c, application).unwrap(), steps);
                assert_eq!(shape(c), first);
            });
        }
    }
}

#[test]
fn two_who_migrate_at_once_do_every_step_once() {
    let database = Database::postgres();
    let work = || {
        let url = database.url.clone();
        std::thread::spawn(move || with_conn(&url, |c| migrate(c, Application::Portal).unwrap()))
    };
    let (one, two) = (work(), work());
    let steps = [one.join().unwrap(), two.join().unwrap()];
    assert!(steps.contains(&0) && steps.iter().sum::<usize>() >= 2, "{steps:?}");
}

#[test]
fn every_table_carries_its_municipality() {
    // What belongs to no municipality, with the reason.
    const SHARED: &[&str] = &["service_versions"]; // a definition is known by its content, whoever uses it
    for (name, application) in APPLICATIONS {
        let database = Database::sqlite().migrated(application);
        let shape = with_conn(&database.url, shape);
        let tables: BTreeSet<&str> = shape.columns.keys().filter_map(|c| c.split('.').next()).collect();
        let lacking: Vec<&&str> = tables
            .iter()
            .filter(|t| !shape.columns.contains_key(&format!("{t}.municipality")) && !SHARED.contains(t))
            .collect();
        assert!(lacking.is_empty(), "{name}: {lacking:?}");
    }
}
